"""Stored positions read anew after a codec was fixed; what they say now supersedes what they said.

Nothing is overwritten: a reading that differs is stored beside the old one, with the receipt of
the old one, in a batch of its own that touches the times of both. So trips, days and everything
downstream hear of it as they hear of late data. What reads as before stays as it is; what has lost
its raw body to retention can't be read anew, and is counted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from kit.database import Sessions, transaction
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
class Asked:
    """Which positions are to be read anew: Shanghai days, both included; of one terminal or all."""

    first: date
    last: date
    phone: str | None = None

    @property
    def days(self) -> list[date]:
        """The days, in order."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def told(self, codec: Codec) -> dict[str, object]:
        """What the journal says of it."""
        return {
            "protocol": codec.protocol,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "phone": self.phone,
            "decode_version": codec.version,
        }


@dataclass(frozen=True, slots=True)
class Redecoded:
    """How many positions were read anew, and how many of them say something else now.

    without_raw: how many an older version has read that have no raw body any more
    """

    read: int = 0
    changed: int = 0
    without_raw: int = 0

    def __add__(self, other: "Redecoded") -> "Redecoded":
        return Redecoded(
            self.read + other.read,
            self.changed + other.changed,
            self.without_raw + other.without_raw,
        )


async def redecode(sessions: Sessions, codec: Codec, asked: Asked, act: Act) -> Redecoded:
    """Read anew the positions that an older version has read, a terminal's day at a time.

    Each terminal's day that changes is journalled with its batch, the whole at its end.
    Interrupted, it may be called again: what it has done it does not do twice.
    """
    done, n = Redecoded(), 0
    async with transaction(sessions) as session:
        connection = await store.plain(session)
        writer_no = await position_store.enrol_writer(connection, f"redecode {codec.protocol}")
    for day in asked.days:
        async with transaction(sessions) as session:
            found = await store.terminal_days(
                session, day, codec.protocol, asked.phone, codec.version
            )
        for one in found:
            result = await _renew(sessions, writer_no, n + 1, one, codec, act)
            n += result.changed > 0
            done += result
    async with transaction(sessions) as session:
        told = {"read": done.read, "changed": done.changed, "without_raw": done.without_raw}
        after = {**asked.told(codec), **told}
        act.record(session, "position.redecode", "terminal", None, after=after)
    return done


async def _renew(
    sessions: Sessions, writer_no: int, n: int, one: store.TerminalDay, codec: Codec, act: Act
) -> Redecoded:
    """Store what of a terminal's day reads differently now, as batch `n`."""
    async with transaction(sessions) as session:
        old = await store.read_stored(session, one, codec.version)
    done = Redecoded(len(old), 0, one.older - len(old))
    if not len(old):
        return done
    new = codec.read(old)
    differs = np.flatnonzero(_differing(old, new))
    if not len(differs):
        return done
    old, new = old.picked(differs), new.picked(differs)
    # Each by itself: whoever makes a day keeps others from making theirs until the commit.
    for day in sorted(days_of(new)):
        async with transaction(sessions) as session:
            await position_store.ensure_day(await store.plain(session), day)
    done = Redecoded(done.read, len(differs), done.without_raw)
    async with transaction(sessions) as session:
        await store.supersede(session, old, codec.version)
        await position_store.commit_batch(
            await store.plain(session), writer_no, n, new, (), superseding=old
        )
        _journal(session, one, old, done, codec, act)
    return done


def _journal(
    session: AsyncSession,
    one: store.TerminalDay,
    old: PositionColumns,
    done: Redecoded,
    codec: Codec,
    act: Act,
) -> None:
    """Record that readings of a terminal's day are superseded, in the transaction that does it."""
    versions, counts = np.unique(old.records["decode_version"], return_counts=True)
    of_version = {str(v): n for v, n in zip(versions.tolist(), counts.tolist(), strict=True)}
    act.record(
        session,
        "position.redecode",
        "terminal",
        one.id,
        organisation_no=one.organisation_no,
        before={"superseded_by_version": of_version},
        after={
            "protocol": codec.protocol,
            "phone": one.phone,
            "day": one.day.isoformat(),
            "doubtful": one.doubtful,
            "decode_version": codec.version,
            "read": done.read,
            "changed": done.changed,
            "without_raw": done.without_raw,
        },
    )


def _differing(old: PositionColumns, new: PositionColumns) -> NDArray[np.bool_]:
    differs = np.zeros(len(old), np.bool_)
    for name in _SAID:
        was, now_is = old.records[name], new.records[name]
        # What is unknown both times, a NaN among the floats, is the same.
        differs |= (was != now_is) & ((was == was) | (now_is == now_is))
    return differs
