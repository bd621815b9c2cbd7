"""Stored positions read anew after a codec was fixed; what they say now supersedes what they said.

Nothing is overwritten: a reading that differs is stored beside the old one, with the receipt of
the old one, in a batch of its own that touches the times of both. So trips, days and everything
downstream hear of it as they hear of late data. What reads as before stays as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tracking.path import store as position_store
from tracking.path.batches import days_of
from tracking.path.columns import PositionColumns
from tracking.redecoding import store

Read = Callable[[PositionColumns], PositionColumns]
"""Reads the raw bodies of stored positions with today's codec and judges them by their receipt."""

# What the bytes say; what judgement makes of it may differ because its rules have changed since.
_SAID = (
    "own_time",
    "latitude",
    "longitude",
    "altitude_m",
    "speed_kmh",
    "course_deg",
    "odometer_m",
    "acc",
    "fixed",
    "alarm",
    "status",
)


@dataclass(frozen=True, slots=True)
class Codec:
    """A protocol's codec of today: its name in the register, its version, how it reads."""

    protocol: str
    version: int
    read: Read


@dataclass(frozen=True, slots=True)
class Redecoded:
    """How many positions were read anew, and how many of them say something else now."""

    read: int = 0
    changed: int = 0

    def __add__(self, other: "Redecoded") -> "Redecoded":
        return Redecoded(self.read + other.read, self.changed + other.changed)


async def redecode(
    url: str, codec: Codec, first: date, last: date, phone: str | None = None
) -> Redecoded:
    """Read the positions of these Shanghai days anew that an older version has read.

    phone: of one terminal only
    Interrupted, it may be called again: what it has done it does not do twice.
    """
    connection = await position_store.connect(url)
    try:
        writer_no = await position_store.enrol_writer(connection, f"redecode {codec.protocol}")
        done, n = Redecoded(), 0
        for day in _days(first, last):
            for one in await store.terminal_days(
                connection, day, codec.protocol, phone, codec.version
            ):
                old = await store.read_stored(connection, one, codec.version)
                changed = await _renew(connection, writer_no, n + 1, old, codec)
                n += changed > 0
                done += Redecoded(len(old), changed)
        return done
    finally:
        await connection.close()


async def _renew(
    connection: position_store.Connection,
    writer_no: int,
    n: int,
    old: PositionColumns,
    codec: Codec,
) -> int:
    """Store what of `old` reads differently now, as batch `n`; return how many that is."""
    if not len(old):
        return 0
    new = codec.read(old)
    differs = np.flatnonzero(_differing(old, new))
    if not len(differs):
        return 0
    old, new = old.picked(differs), new.picked(differs)
    for day in sorted(days_of(new)):
        await position_store.ensure_day(connection, day)
    async with connection.transaction():
        await store.supersede(connection, old, codec.version)
        await position_store.commit_batch(connection, writer_no, n, new, (), superseding=old)
    return len(differs)


def _differing(old: PositionColumns, new: PositionColumns) -> NDArray[np.bool_]:
    differs = np.zeros(len(old), np.bool_)
    for name in _SAID:
        differs |= old.records[name] != new.records[name]
    return differs


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
