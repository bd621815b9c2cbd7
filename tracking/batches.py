"""A batch: what one commit stores, and the row that tells consumers what it touched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kit.clock import shanghai_day
from tracking.positions import JudgedPosition


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A frame that could not become a known terminal's position, kept as it came."""

    received_at: datetime
    protocol: str
    phone: str | None
    address: str
    reason: str
    raw: bytes
    unknown_terminal: bool = False
    claimed_plate: str | None = None


@dataclass(frozen=True, slots=True)
class Touched:
    """Which terminals a batch touched, and between which plausible times (epoch seconds)."""

    terminal_nos: list[int]
    first_times: list[float]
    last_times: list[float]


def touched_by(rows: Sequence[JudgedPosition]) -> Touched:
    """Return what consumers need to know of a batch; times that are doubtful touch nothing."""
    spans: dict[int, tuple[float, float]] = {}
    for row in rows:
        if row.time is None:
            continue
        moment = row.time.timestamp()
        first, last = spans.get(row.position.terminal_no, (moment, moment))
        spans[row.position.terminal_no] = (min(first, moment), max(last, moment))
    return Touched(
        list(spans), [first for first, _ in spans.values()], [last for _, last in spans.values()]
    )


def days_of(rows: Sequence[JudgedPosition]) -> set[date]:
    """Return the Shanghai days whose partitions the rows need."""
    return {shanghai_day(row.time) for row in rows if row.time is not None}
