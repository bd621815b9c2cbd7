"""Frames captured from real terminals (read where they are present), and strategies for our own."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from gateway.protocols.jt808 import position_messages as pm
from gateway.protocols.jt808 import session_messages as sm
from gateway.protocols.jt808.framing import checksum, frame
from gateway.protocols.jt808.position import Item, PositionReport

ROOT = Path(__file__).parents[4]
CAPTURED_DIR = ROOT / "../shared/protocols"
OWN_DIR = ROOT / "tests/vectors/jt808"
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Captured:
    """A captured frame: `shown` as the source writes it, which may be unescaped already."""

    name: str
    shown: bytes
    expected: dict[str, Any]
    derived: dict[str, Any]

    @property
    def payload(self) -> bytes:
        """Header and body."""
        flagged = self.shown if self.shown[:1] == b"\x7e" else b"\x7e" + self.shown + b"\x7e"
        return (_unescape(flagged) if self.derived["form"] == "wire" else flagged)[1:-2]

    @property
    def wire(self) -> bytes:
        """The frame as it went over the wire."""
        return self.shown if self.derived["form"] == "wire" else frame(self.payload)

    @property
    def whole(self) -> bool:
        """By the second reading, checksum and length are right."""
        return bool(self.derived["length_ok"] and self.derived["bcc_ok"])

    @property
    def shown_is_wire(self) -> bool:
        """What the source shows is what the wire carried."""
        return self.shown == self.wire


def captured(source: str) -> list[Captured]:
    """Return the frames of `vectors_<source>_jt808.jsonl`, none where the folder is absent."""
    path = CAPTURED_DIR / f"vectors_{source}_jt808.jsonl"
    if not path.exists():
        return []
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Captured(f"{source}-{n}", bytes.fromhex(line["hex"]), line["expected"], line["derived"])
        for n, line in enumerate(lines)
        if "derived" in line
    ]


ALL_CAPTURED = [one for source in ("traccar", "threads", "yezhihao") for one in captured(source)]
needs_captured = pytest.mark.skipif(not ALL_CAPTURED, reason="captured frames aren't here")


def damaged(payload: bytes) -> bytes:
    """Return a frame whose checksum is wrong."""
    body = payload + bytes([checksum(payload) ^ 0x01])
    return b"\x7e" + body.replace(b"\x7d", b"\x7d\x01").replace(b"\x7e", b"\x7d\x02") + b"\x7e"


def _unescape(shown: bytes) -> bytes:
    return shown.replace(b"\x7d\x02", b"\x7e").replace(b"\x7d\x01", b"\x7d")


byte = st.integers(0, 0xFF)
word = st.integers(0, 0xFFFF)
dword = st.integers(0, 0xFFFFFFFF)
times = st.integers(0, 100 * 365 * 86_400).map(
    lambda seconds: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def text(max_size: int, min_size: int = 0) -> st.SearchStrategy[str]:
    """Text that fits `max_size` GBK bytes, without the padding characters at its ends."""
    letters = st.sampled_from("京津示渝abcXYZ0189-._/")
    return st.text(letters, min_size=min_size, max_size=max_size // 2)


items = st.builds(Item, byte, st.binary(max_size=40))
positions = st.builds(
    PositionReport,
    dword,
    dword,
    dword,
    dword,
    st.integers(-0x8000, 0x7FFF),
    word,
    word,
    st.binary(min_size=6, max_size=6),
    st.lists(items, max_size=5).map(tuple),
    st.just(b""),
)
ANSWERS = (sm.TerminalAnswer, sm.PlatformAnswer)
ASKING = (sm.TerminalResendRequest, sm.PlatformResendRequest)
messages = st.one_of(
    *(st.builds(answer, word, word, byte) for answer in ANSWERS),
    *(st.builds(asks, word, st.lists(word, max_size=255).map(tuple)) for asks in ASKING),
    st.builds(sm.TerminalHeartbeat, st.binary(max_size=20)),
    st.builds(sm.LogOut),
    st.builds(sm.TimeQuery),
    st.builds(sm.TimeAnswer, times),
    st.builds(sm.Registration, word, word, text(5), text(20), text(7), byte, text(16)),
    st.builds(sm.RegistrationAnswer, word, byte, st.none() | text(40, min_size=1)),
    st.builds(pm.PositionMessage, positions),
    st.builds(pm.position_batch, st.lists(positions, max_size=4).map(tuple), blind=st.booleans()),
)
