"""Erasing raw bodies whose time is over; the positions that were read from them stay.

A Shanghai day at a time, by the way on which days are settled: a copy without them, but for those
of held rows, takes the day's place, so no row is updated and the space comes back. Positions keep
their identity, for that is a digest of the body. Before the bodies go, their day's erasure is in
the journal with counts and their SHA-256: PostgreSQL's COPY text of (terminal_no, time, time_raw,
digest, raw), in the order of the rows.
"""

import logging
from datetime import date

from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.retention.running import Counts, Erasure, record_erasure
from fleet.retention.store import lock_retention
from kit.database import Sessions, sqlstate, transaction
from tracking.retention.days import LOCK_NOT_AVAILABLE, PATIENCE_MS, Day, old_days
from tracking.retention.rows import HELD, ROW_ORDER, sha256_of
from tracking.settling import store as settling
from tracking.settling.settler import take_place
from tracking.settling.tables import SettledDay

log = logging.getLogger(__name__)

_LEFT = f"CASE WHEN {HELD} THEN p.raw ELSE ''::bytea END"

# Few, and in one partition for all time: these are updated where they lie.
_DOUBTFUL = f"p.received_at < :before AND p.raw <> '' AND NOT {HELD}"
_COUNT_DOUBTFUL = text(f"SELECT count(*) FROM position_doubtful p WHERE {_DOUBTFUL}")  # noqa: S608
_ERASE_DOUBTFUL = text(f"UPDATE position_doubtful p SET raw = '' WHERE {_DOUBTFUL}")  # noqa: S608


async def erase_raw_frames(sessions: Sessions, erasure: Erasure) -> Counts:
    """Erase the raw bodies of the positions of whole Shanghai days before `erasure.before`."""
    counts = {"position_raw": 0, "position_raw_held": 0}
    done = await _days_done(sessions)
    for day in await old_days(sessions, erasure.before):
        if day.day in done:
            continue
        try:
            erased, held = await _erase_day(sessions, day, erasure)
        except OperationalError as error:
            if sqlstate(error) != LOCK_NOT_AVAILABLE:
                raise
            log.warning("a partition is in use and keeps its raw bodies for now", extra=day.told)
            continue
        counts["position_raw"] += erased
        counts["position_raw_held"] += held
    counts.update(await _erase_doubtful(sessions, erasure))
    return counts


async def _days_done(sessions: Sessions) -> set[date]:
    """Return the days in which no raw body is left; where held ones are, some may be free now."""
    async with transaction(sessions) as session:
        return set(await session.scalars(select(SettledDay.day).where(SettledDay.raw_left == 0)))


async def _erase_day(sessions: Sessions, day: Day, erasure: Erasure) -> tuple[int, int]:
    """Erase one day's raw bodies; return how many rows lost theirs and how many are held."""
    async with transaction(sessions) as session:
        await lock_retention(session)
        total, held = await _count(session, day)
        if not erasure.dry_run and total == held:
            await settling.note_raw_left(session, day.day, held)
        if erasure.dry_run or total == held:
            return total - held, held
        await settling.be_patient(session, PATIENCE_MS)
        await settling.be_settler(session)
        copy = await settling.build_copy(session, day.day, _LEFT)
        digest = await sha256_of(session, _going(day, copy.upto))
        counts = {"position_raw": total - held, "position_raw_held": held}
        record_erasure(session, erasure, counts, day=day.day.isoformat(), sha256=digest)
        await take_place(session, copy, erasure.now, raw_left=held)
        return total - held, held


async def _count(session: AsyncSession, day: Day) -> tuple[int, int]:
    query = (
        f"SELECT count(*), count(*) FILTER (WHERE {HELD}) FROM {day.name} p"  # noqa: S608
        " WHERE p.raw <> ''"
    )
    row = (await session.execute(text(query))).one()
    return int(row[0]), int(row[1])


def _going(day: Day, upto: settling.Upto) -> str:
    """Return the query for the bodies that the copy lacks; rows that come later keep theirs."""
    copied = ", ".join(f"({no}, {n})" for no, n in upto.items())
    return (
        "SELECT p.terminal_no, p.time, p.time_raw, p.digest, p.raw"  # noqa: S608 - numbers and names
        f" FROM {day.name} p JOIN (VALUES {copied}) AS upto (no, n)"
        f" ON upto.no = p.writer_no AND p.batch_n <= upto.n"
        f" WHERE p.raw <> '' AND NOT {HELD} ORDER BY {ROW_ORDER}"
    )


async def _erase_doubtful(sessions: Sessions, erasure: Erasure) -> Counts:
    before = {"before": erasure.before}
    async with transaction(sessions) as session:
        await lock_retention(session)
        counts = {"position_doubtful_raw": await session.scalar(_COUNT_DOUBTFUL, before) or 0}
        if not erasure.dry_run and counts["position_doubtful_raw"]:
            await session.execute(_ERASE_DOUBTFUL, before)
            record_erasure(session, erasure, counts)
    return counts
