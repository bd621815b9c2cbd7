"""A batch: what one commit stores, and the row that tells consumers what it touched."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from kit.clock import shanghai_day
from tracking.path.columns import UNKNOWN, PositionColumns, time_of

_HOUR_US = 3_600_000_000


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

    terminal_nos: NDArray[np.int64]
    first_times: NDArray[np.float64]
    last_times: NDArray[np.float64]


def touched_by(rows: PositionColumns) -> Touched:
    """Return what consumers need to know of a batch; times that are doubtful touch nothing."""
    counted = rows.records[rows.records["time"] != UNKNOWN]
    order = np.argsort(counted["terminal_no"], kind="stable")
    nos, times = counted["terminal_no"][order], counted["time"][order]
    begins = np.flatnonzero(np.diff(nos, prepend=nos[:1] - 1))
    if not len(begins):
        return Touched(nos, times / 1e6, times / 1e6)
    first, last = np.minimum.reduceat(times, begins), np.maximum.reduceat(times, begins)
    return Touched(nos[begins], first / 1e6, last / 1e6)


def days_of(rows: PositionColumns) -> set[date]:
    """Return the Shanghai days whose partitions the rows need."""
    times = rows.records["time"]
    # All instants of an hour lie in one day, and a batch has few hours.
    hours = np.unique(times[times != UNKNOWN] // _HOUR_US)
    return {shanghai_day(time_of(hour * _HOUR_US)) for hour in hours.tolist()}
