"""Erasing positions whose time is over, a Shanghai day at a time; held ones stay where they are.

A day's partition is emptied of what no hold covers: dropped when nothing is left, else reduced to
the held rows in place, so that `positions_once` goes on showing them. Before a row goes, its day's
erasure is in the journal with counts and the SHA-256 of the erased rows: PostgreSQL's COPY text of
every column, ordered by (terminal_no, time, time_raw, digest, received_at, writer_no, batch_n,
row_n).
"""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.retention.kinds import DataKind
from fleet.retention.running import Counts, Eraser, Erasure, record_erasure
from fleet.retention.store import lock_retention, move_horizon
from kit.clock import shanghai_day
from kit.database import Sessions, sqlstate, transaction
from tracking.settling.days import day_of
from tracking.settling.store import forget_days

log = logging.getLogger(__name__)

# Ingest must not wait for long behind a partition's drop; the next run tries again.
_LOCK_PATIENCE = "3s"
_LOCK_NOT_AVAILABLE = "55P03"

_DAYS = text("""
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'position'::regclass ORDER BY c.relname
""")

# Of a terminal's rows those are held that it sent while it was bound to a held vehicle.
_HELD = """EXISTS (
    SELECT FROM hold h JOIN vehicle_terminal b ON b.vehicle_no = h.vehicle_no
    WHERE h.released_at IS NULL AND b.terminal_no = p.terminal_no
      AND b.period @> coalesce(p.time, p.own_time, p.received_at)
      AND h.period @> coalesce(p.time, p.own_time, p.received_at)
)"""
_ORDER = "terminal_no, time, time_raw, digest, received_at, writer_no, batch_n, row_n"

_DOUBTFUL = f"position_doubtful p WHERE p.received_at < :before AND NOT {_HELD}"
_CHECKPOINTS = """
    trip_checkpoint c WHERE c.time < :before AND EXISTS (
        SELECT FROM trip_checkpoint newer
        WHERE newer.vehicle_no = c.vehicle_no AND newer.time > c.time AND newer.time < :before
    )
"""


@dataclass(frozen=True, slots=True)
class _Day:
    day: date
    name: str


async def erase_tracks(sessions: Sessions, erasure: Erasure) -> Counts:
    """Erase the positions of whole Shanghai days before `erasure.before`, and what led to trips."""
    if not erasure.dry_run:
        async with transaction(sessions) as session:
            await move_horizon(session, DataKind.TRACKS, erasure.before)
    counts = {"position": 0, "position_held": 0}
    async with transaction(sessions) as session:
        names = list(await session.scalars(_DAYS))
    for day in _old_days(names, erasure.before):
        try:
            erased, held = await _erase_day(sessions, day, erasure)
        except OperationalError as error:
            if sqlstate(error) != _LOCK_NOT_AVAILABLE:
                raise
            log.warning("a partition is in use and stays until the next run", extra=_told(day))
            continue
        counts["position"] += erased
        counts["position_held"] += held
    rows = {
        "position_doubtful": _DOUBTFUL,
        "trip_checkpoint": _CHECKPOINTS,
        "position_batch": "position_batch WHERE committed_at < :before",
    }
    return {**counts, **await _delete(sessions, erasure, rows)}


async def erase_quarantine(sessions: Sessions, erasure: Erasure) -> Counts:
    """Erase frames that could not become positions."""
    return await _delete(
        sessions, erasure, {"quarantined_frame": "quarantined_frame WHERE received_at < :before"}
    )


ERASERS: tuple[tuple[DataKind, Eraser], ...] = (
    (DataKind.TRACKS, erase_tracks),
    (DataKind.QUARANTINE, erase_quarantine),
)


def _old_days(names: list[str], before: datetime) -> Iterator[_Day]:
    first_kept = shanghai_day(before)
    for name in names:
        day = day_of(name)
        if day is not None and day < first_kept:
            yield _Day(day, name)


def _told(day: _Day) -> dict[str, object]:
    return {"day": day.day.isoformat()}


async def _erase_day(sessions: Sessions, day: _Day, erasure: Erasure) -> tuple[int, int]:
    """Erase one day; return how many rows went and how many are held."""
    async with transaction(sessions) as session:
        await lock_retention(session)
        await session.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_PATIENCE}'"))
        if not erasure.dry_run:
            await session.execute(text(f"LOCK TABLE {day.name} IN SHARE MODE"))
        total, held = await _count(session, day)
        if erasure.dry_run or (total == held and held > 0):
            return total - held, held
        digest = await _digest(session, day)
        counts = {"position": total - held, "position_held": held}
        facts = {"day": day.day.isoformat(), "sha256": digest}
        record_erasure(session, erasure, counts, **facts)
        await session.flush()
        if held:
            await _reduce(session, day)
        else:
            await session.execute(text(f"DROP TABLE {day.name}"))
            await forget_days(session, [day.day])
        return total - held, held


async def _count(session: AsyncSession, day: _Day) -> tuple[int, int]:
    query = f"SELECT count(*), count(*) FILTER (WHERE {_HELD}) FROM {day.name} p"  # noqa: S608
    row = (await session.execute(text(query))).one()
    return int(row[0]), int(row[1])


async def _digest(session: AsyncSession, day: _Day) -> str:
    """Return the SHA-256 of the rows about to go, as hexadecimal digits; streamed, not gathered."""
    digest = hashlib.sha256()
    query = (
        f"COPY (SELECT * FROM {day.name} p WHERE NOT {_HELD} ORDER BY {_ORDER}) "  # noqa: S608
        "TO STDOUT"
    )
    raw = await (await session.connection()).get_raw_connection()
    connection = raw.driver_connection
    assert isinstance(connection, AsyncConnection)
    async with connection.cursor() as cursor, cursor.copy(query) as copy:
        async for block in copy:
            digest.update(block)
    return digest.hexdigest()


async def _reduce(session: AsyncSession, day: _Day) -> None:
    """Leave a day's held rows and nothing else; readers see the one state or the other."""
    rows = f"SELECT * FROM {day.name} p WHERE {_HELD}"  # noqa: S608 - our own names
    for statement in (
        f"CREATE TEMP TABLE held_position ON COMMIT DROP AS {rows}",
        f"TRUNCATE {day.name}",
        f"INSERT INTO {day.name} SELECT * FROM held_position",  # noqa: S608 - our own names
    ):
        await session.execute(text(statement))


async def _delete(sessions: Sessions, erasure: Erasure, rows: dict[str, str]) -> Counts:
    """Delete rows by table, `rows` being what follows FROM; return how many."""
    counts: dict[str, int] = {}
    before: dict[str, Any] = {"before": erasure.before}
    async with transaction(sessions) as session:
        await lock_retention(session)
        for table, condition in rows.items():
            count = text(f"SELECT count(*) FROM {condition}")  # noqa: S608 - our own names
            counts[table] = await session.scalar(count, before) or 0
            if not erasure.dry_run and counts[table]:
                await session.execute(text(f"DELETE FROM {condition}"), before)  # noqa: S608
        if not erasure.dry_run:
            record_erasure(session, erasure, counts)
    return counts
