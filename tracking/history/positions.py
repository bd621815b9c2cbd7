"""SQL of history: a vehicle's positions, and its track, page by page.

A page is gathered from windows of time. Their instants are constants of each statement, so that
only the partitions of their days are planned and read, however many years are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.clock import day_start
from tracking.history.windows import Window, through
from tracking.store import ACCEPTED

# Rows without a plausible time lie in one partition and belong to whoever had the terminal when
# they were received; their own time is shown as it was sent.
_POSITIONS = text("""
    SELECT coalesce(p.time, p.own_time, p.received_at) AS time, p.terminal_no,
           p.received_at, p.latitude, p.longitude,
           p.altitude_m, p.speed_kmh, p.course_deg, p.odometer_m, p.acc, p.alarm, p.status,
           p.reasons, p.backfilled, p.digest
    FROM (SELECT CAST(:terminal_no AS bigint) AS terminal_no, tstzrange(NULL, NULL) AS period
          WHERE CAST(:vehicle_no AS bigint) IS NULL
          UNION ALL
          SELECT b.terminal_no, b.period FROM vehicle_terminal b
          WHERE b.vehicle_no = CAST(:vehicle_no AS bigint)) s
    CROSS JOIN LATERAL (
        (SELECT * FROM positions_once o
         WHERE o.terminal_no = s.terminal_no AND o.time >= CAST(:since AS timestamptz)
           AND o.time < CAST(:until AS timestamptz)
         OFFSET 0)
        UNION ALL
        (SELECT * FROM positions_once o
         WHERE o.terminal_no = s.terminal_no AND o.time IS NULL
           AND o.own_time >= CAST(:since AS timestamptz)
           AND o.own_time < CAST(:until AS timestamptz)
         OFFSET 0)
        UNION ALL
        (SELECT * FROM positions_once o
         WHERE o.terminal_no = s.terminal_no AND o.time IS NULL AND o.own_time IS NULL
           AND o.received_at >= CAST(:since AS timestamptz)
           AND o.received_at < CAST(:until AS timestamptz)
         OFFSET 0)
    ) p
    WHERE s.period @> coalesce(p.time, p.received_at)
      AND (CAST(:after AS timestamptz) IS NULL
           OR (coalesce(p.time, p.own_time, p.received_at), p.digest, p.terminal_no)
              > (CAST(:after AS timestamptz), :digest, :after_terminal_no))
    ORDER BY 1, p.digest, p.terminal_no
    LIMIT :limit
""")

_TRACK = text("""
    SELECT p.time, p.terminal_no, p.digest, p.latitude, p.longitude, p.altitude_m, p.speed_kmh,
           p.course_deg
    FROM vehicle_terminal b
    CROSS JOIN LATERAL (
        SELECT * FROM positions_once o
        WHERE o.terminal_no = b.terminal_no AND o.time >= CAST(:since AS timestamptz)
          AND o.time < CAST(:until AS timestamptz)
        OFFSET 0
    ) p
    WHERE b.vehicle_no = :vehicle_no AND b.is_primary AND b.period @> p.time
      AND p.reasons & :accepted = 0
      AND (CAST(:after AS timestamptz) IS NULL
           OR (p.time, p.digest, p.terminal_no)
              > (CAST(:after AS timestamptz), :digest, :after_terminal_no))
    ORDER BY p.time, p.digest, p.terminal_no
    LIMIT :limit
""")

_BOUNDS = text("""
    SELECT min(day), max(day) + 1 FROM (
        SELECT to_date(right(c.relname, 8), 'YYYYMMDD') AS day
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'position'::regclass AND c.relname ~ '^position_[0-9]{8}$'
    ) AS days
""")

Key = tuple[datetime, int, int]
"""(time, digest, terminal) of the last one that was given out."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Positions in [since, until): of a vehicle, or (without one) of a terminal.

    after: the last one that was given out before
    is_track: only what trips are made of: of the primary terminal of its time, none doubtful
    """

    since: datetime
    until: datetime
    vehicle_no: int | None = None
    terminal_no: int | None = None
    after: Key | None = None
    is_track: bool = False


async def read_positions(session: AsyncSession, asked: Asked, limit: int) -> Sequence[Row[Any]]:
    """Return at most `limit` positions, oldest first.

    Those whose own time could not be read stand at their receipt.
    """
    after = asked.after
    begin = asked.since if after is None else max(asked.since, after[0])
    query = _TRACK if asked.is_track else _POSITIONS
    found: list[Row[Any]] = []
    for since, until in through(begin, asked.until, await history_bounds(session)):
        rows = await session.execute(
            query,
            {
                "vehicle_no": asked.vehicle_no,
                **(
                    {"accepted": ACCEPTED} if asked.is_track else {"terminal_no": asked.terminal_no}
                ),
                "since": since,
                "until": until,
                "after": after[0] if after else None,
                "digest": after[1] if after else 0,
                "after_terminal_no": after[2] if after else 0,
                "limit": limit - len(found),
            },
        )
        found += rows
        if len(found) >= limit:
            break
    return found


def key_of(row: Row[Any]) -> Key:
    """Return the key after which the next page begins."""
    return row.time, row.digest, row.terminal_no


async def history_bounds(session: AsyncSession) -> Window | None:
    """Return [start, end) of all days that have a partition, None before the first."""
    first, end = (await session.execute(_BOUNDS)).one()
    return None if first is None else (day_start(first), day_start(end))
