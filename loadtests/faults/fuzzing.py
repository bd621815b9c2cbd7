"""Frames that nobody meant: real ones mutated, and what Hypothesis makes up."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from gateway.protocols.jt808.framing import FLAG, frame
from gateway.protocols.jt808.header import Edition, encode_header, plain_header
from gateway.protocols.jt808.messages import MESSAGES
from loadtests.system import ROOT

PHONE = "13900000000"
_VECTORS = ROOT / "tests/vectors/jt808"
_POSITION = 0x0200
_LONGEST_MADE_UP = 300


def payload_of(message_id: int, edition: Edition, body: bytes) -> bytes:
    """Return header and body as a terminal of this edition sends them."""
    header = plain_header(message_id, PHONE, 1, edition)
    return encode_header(header.carrying(len(body))) + body


def real_payloads(vectors: Path = _VECTORS) -> list[bytes]:
    """Return header and body of each vector that was written from the standards' tables."""
    payloads = []
    for one in json.loads((vectors / "bodies.json").read_text(encoding="utf-8")):
        edition = Edition(one["edition"])
        payloads.append(payload_of(int(one["id"], 16), edition, _body(one["fields"])))
    positions = [
        _body(one["fields"])
        for one in json.loads((vectors / "positions.json").read_text(encoding="utf-8"))
    ]
    for edition in (Edition.V2013, Edition.V2019):
        payloads += [payload_of(_POSITION, edition, body) for body in positions]
        items = b"".join(len(body).to_bytes(2) + body for body in positions)
        payloads.append(payload_of(0x0704, edition, len(positions).to_bytes(2) + b"\x01" + items))
    return payloads


def made_up_payloads(count: int, seed_of: int) -> list[bytes]:
    """Return payloads that Hypothesis makes up: bodies of any bytes under ids that are known."""
    found: list[bytes] = []
    payloads = st.builds(
        payload_of,
        st.sampled_from([*MESSAGES, _POSITION, _POSITION, 0x0704]),
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
    @given(payloads)
    def collect(one: bytes) -> None:
        found.append(one)

    collect()
    return found


def fuzzed_frames(payloads: Sequence[bytes], count: int, chance: Random) -> Iterator[bytes]:
    """Yield so many frames with their flags, most of them with a right checksum."""
    for _ in range(count):
        octets = bytearray(chance.choice(payloads))
        for _ in range(chance.choice((0, 1, 1, 2, 3, 8))):
            _mutate(octets, payloads, chance)
        if chance.random() < 0.85:
            yield frame(bytes(octets))
        else:
            yield FLAG + bytes(octets) + FLAG


def _mutate(octets: bytearray, payloads: Sequence[bytes], chance: Random) -> None:
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
        other = chance.choice(payloads)
        octets[at:] = other[chance.randrange(len(other)) :]
    else:
        octets[at:at] = octets[at : at + chance.randrange(1, 40)]


def _body(fields: Sequence[Sequence[str]]) -> bytes:
    return b"".join(bytes.fromhex(octets) for _, octets in fields)
