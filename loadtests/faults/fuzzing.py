"""Frames that nobody meant: real ones mutated, and what Hypothesis makes up."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from gateway.protocols.jt808.framing import FLAG, frame
from gateway.protocols.jt808.header import LONGEST_BODY, Edition, encode_header, plain_header
from gateway.protocols.jt808.messages import MESSAGES
from loadtests.system import ROOT

PHONE = "13900000000"
_VECTORS = ROOT / "tests/vectors/jt808"
_POSITION, _BATCH = 0x0200, 0x0704
_LONGEST_MADE_UP = 300


@dataclass(frozen=True, slots=True)
class Sample:
    """A message as a terminal of this edition sends it, in one package."""

    message_id: int
    edition: Edition
    body: bytes

    @property
    def payload(self) -> bytes:
        """Header and body; a body that is too long for a package is cut."""
        body = self.body[:LONGEST_BODY]
        header = plain_header(self.message_id, PHONE, 1, self.edition)
        return encode_header(header.carrying(len(body))) + body


def real_samples(vectors: Path = _VECTORS) -> list[Sample]:
    """Return each vector that was written from the standards' tables; half of them positions."""
    others = [
        Sample(int(one["id"], 16), Edition(one["edition"]), _body(one["fields"]))
        for one in json.loads((vectors / "bodies.json").read_text(encoding="utf-8"))
    ]
    bodies = [
        _body(one["fields"])
        for one in json.loads((vectors / "positions.json").read_text(encoding="utf-8"))
    ]
    items = b"".join(len(body).to_bytes(2) + body for body in bodies)
    positions = [
        one
        for edition in (Edition.V2013, Edition.V2019)
        for one in (
            *(Sample(_POSITION, edition, body) for body in bodies),
            Sample(_BATCH, edition, len(bodies).to_bytes(2) + b"\x01" + items),
        )
    ]
    return others + positions * (1 + len(others) // len(positions))


def made_up_samples(count: int, seed_of: int) -> list[Sample]:
    """Return what Hypothesis makes up: bodies of any bytes under ids that are known."""
    found: list[Sample] = []
    samples = st.builds(
        Sample,
        st.sampled_from([*MESSAGES, _POSITION, _POSITION, _BATCH]),
        st.sampled_from([Edition.V2013, Edition.V2019]),
        st.binary(max_size=_LONGEST_MADE_UP),
    )

    @seed(seed_of)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(samples)
    def collect(one: Sample) -> None:
        found.append(one)

    collect()
    return found


def fuzzed_frames(
    real: Sequence[Sample], made_up: Sequence[Sample], count: int, chance: Random
) -> Iterator[bytes]:
    """Yield so many frames with their flags.

    Some are changed in the body and announce its new length, others anywhere; most have a right
    checksum.
    """
    for _ in range(count):
        sample = chance.choice(real if chance.random() < 0.7 else made_up)
        if chance.random() < 0.6:
            body = _mutated(sample.body, chance.choice(real).body, chance)
            octets = replace(sample, body=body).payload
        else:
            octets = _mutated(sample.payload, chance.choice(real).payload, chance)
        yield frame(octets) if chance.random() < 0.85 else FLAG + octets + FLAG


def _mutated(octets: bytes, other: bytes, chance: Random) -> bytes:
    changed = bytearray(octets)
    for _ in range(chance.choice((0, 1, 1, 2, 3, 8))):
        _mutate(changed, other, chance)
    return bytes(changed)


def _mutate(octets: bytearray, other: bytes, chance: Random) -> None:
    at = chance.randrange(len(octets) + 1)
    kind = chance.randrange(6)
    if kind == 0:
        octets[at : at + 1] = bytes([chance.randrange(256)])
    elif kind == 1:
        octets[at : at + 1] = chance.choice((b"\x00", b"\xff", b"\x7d", b"\x7e", b"\x7f", b"\x80"))
    elif kind == 2:
        del octets[at : at + chance.randrange(1, 9)]
    elif kind == 3:
        octets[at:at] = chance.randbytes(chance.randrange(1, 9))
    elif kind == 4:
        octets[at:] = other[chance.randrange(len(other) + 1) :]
    else:
        octets[at:at] = octets[at : at + chance.randrange(1, 40)]


def _body(fields: Sequence[Sequence[str]]) -> bytes:
    return b"".join(bytes.fromhex(octets) for _, octets in fields)
