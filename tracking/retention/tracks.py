"""Erasing positions whose time is over, a Shanghai day at a time; held ones stay where they are.

A day's partition is emptied of what no hold covers: dropped when nothing is left, else reduced to
the held rows in place, so that `positions_once` goes on showing them. Before a row goes, its day's
erasure is in the journal with counts and the SHA-256 of the erased rows: PostgreSQL's COPY text of
every column, ordered by (terminal_no, time, time_raw, digest, received_at, writer_no, batch_n,
row_n).
"""

import logging
from dataclasses import replace
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.retention.kinds import DataKind
from fleet.retention.running import Counts, Erasure, record_erasure
from fleet.retention.store import lock_retention, move_horizon
from kit.clock import day_start
from kit.database import Sessions, sqlstate, transaction
from tracking.retention.days import LOCK_NOT_AVAILABLE, PATIENCE_MS, Day, old_days
from tracking.retention.rows import HELD, ROW_ORDER, delete_rows, sha256_of
from tracking.settling.store import be_patient, forget_days

log = logging.getLogger(__name__)

_DOUBTFUL = f"position_doubtful p WHERE p.received_at < :before AND NOT {HELD}"
_CHECKPOINTS = """
    trip_checkpoint c WHERE c.time < :before AND EXISTS (
        SELECT FROM trip_checkpoint newer
        WHERE newer.vehicle_no = c.vehicle_no AND newer.time > c.time AND newer.time < :before
    )
"""
# A terminal of a held vehicle keeps its notes, whatever their time: its held rows need them.
_SUPERSEDED = """
    superseded_reading s WHERE s.last_at < :before AND NOT EXISTS (
        SELECT FROM hold h JOIN vehicle_terminal b ON b.vehicle_no = h.vehicle_no
        WHERE h.released_at IS NULL AND b.terminal_no = s.terminal_no
    )
"""


async def erase_tracks(sessions: Sessions, erasure: Erasure) -> Counts:
    """Erase the positions of whole Shanghai days before `erasure.before`, and what led to trips."""
    if not erasure.dry_run:
        async with transaction(sessions) as session:
            await move_horizon(session, DataKind.TRACKS, erasure.before)
    counts = {"position": 0, "position_held": 0}
    gone_before = erasure.before
    for day in await old_days(sessions, erasure.before):
        try:
            erased, held = await _erase_day(sessions, day, erasure)
        except OperationalError as error:
            if sqlstate(error) != LOCK_NOT_AVAILABLE:
                raise
            log.warning("a partition is in use and stays until the next run", extra=day.told)
            gone_before = min(gone_before, day_start(day.day))
            continue
        counts["position"] += erased
        counts["position_held"] += held
    rows = {
        "position_doubtful": _DOUBTFUL,
        "trip_checkpoint": _CHECKPOINTS,
        "position_batch": "position_batch WHERE committed_at < :before",
    }
    counts.update(await delete_rows(sessions, erasure, rows))
    counts.update(await _erase_superseded(sessions, erasure, gone_before))
    return counts


async def _erase_superseded(sessions: Sessions, erasure: Erasure, before: datetime) -> Counts:
    """Erase what was noted of superseded readings before `before`: they are gone.

    Not earlier than they, or what was superseded would be shown again.
    """
    gone = replace(erasure, before=before)
    return await delete_rows(sessions, gone, {"superseded_reading": _SUPERSEDED})


async def _erase_day(sessions: Sessions, day: Day, erasure: Erasure) -> tuple[int, int]:
    """Erase one day; return how many rows went and how many are held."""
    async with transaction(sessions) as session:
        await lock_retention(session)
        await be_patient(session, PATIENCE_MS)
        if not erasure.dry_run:
            await session.execute(text(f"LOCK TABLE {day.name} IN SHARE MODE"))
        total, held = await _count(session, day)
        if erasure.dry_run or (total == held and held > 0):
            return total - held, held
        going = f"SELECT * FROM {day.name} p WHERE NOT {HELD} ORDER BY {ROW_ORDER}"  # noqa: S608
        digest = await sha256_of(session, going)
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


async def _count(session: AsyncSession, day: Day) -> tuple[int, int]:
    query = f"SELECT count(*), count(*) FILTER (WHERE {HELD}) FROM {day.name} p"  # noqa: S608
    row = (await session.execute(text(query))).one()
    return int(row[0]), int(row[1])


async def _reduce(session: AsyncSession, day: Day) -> None:
    """Leave a day's held rows and nothing else; readers see the one state or the other."""
    rows = f"SELECT * FROM {day.name} p WHERE {HELD}"  # noqa: S608 - our own names
    for statement in (
        f"CREATE TEMP TABLE held_position ON COMMIT DROP AS {rows}",
        f"TRUNCATE {day.name}",
        f"INSERT INTO {day.name} SELECT * FROM held_position",  # noqa: S608 - our own names
    ):
        await session.execute(text(statement))
