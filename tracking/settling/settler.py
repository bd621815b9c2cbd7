"""Makes partitions ahead and settles days that are over. Ingest goes first, always."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import date, datetime
from time import perf_counter

from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Sessions, sqlstate, transaction
from kit.metrics import LONG_S, Distribution
from tracking.settling import store
from tracking.settling.days import DEFAULT_RULES, SettlingRules, days_to_make, days_to_settle

log = logging.getLogger(__name__)

_LOCK_NOT_AVAILABLE = "55P03"
# So long may a batch wait behind the lock, at most; an attempt that finds readers at work gives up.
_PATIENCE_MS = 100
_ATTEMPTS = 20
_PAUSE_S = 0.5
_BEGIN_PATIENCE_MS = 3_000


@dataclass(slots=True)
class SettlingState:
    """What an operator wants to know: days settled, those settled anew included, and how long."""

    days: int = 0
    day_s: Distribution = field(default_factory=lambda: Distribution(LONG_S))


async def settle_step(
    sessions: Sessions,
    now: datetime,
    rules: SettlingRules = DEFAULT_RULES,
    state: SettlingState | None = None,
) -> bool:
    """Make the days ahead, note late rows, settle one day; return whether another is due."""
    await make_days(sessions, now, rules)
    async with transaction(sessions) as session:
        if not await store.is_settler(session):
            return False
        await store.mark_late(session, now)
        standing = await store.standing_days(session)
        due = days_to_settle(standing, await store.settled_days(session), now, rules)
    if not due:
        return False
    began_s = perf_counter()
    is_settled = await settle_day(sessions, due[0], now)
    if is_settled and state is not None:
        state.days += 1
        state.day_s.observe(perf_counter() - began_s)
    return is_settled and len(due) > 1


async def make_days(
    sessions: Sessions, now: datetime, rules: SettlingRules = DEFAULT_RULES
) -> None:
    """Make the partitions that will be needed; one that must wait is made the next time."""
    async with transaction(sessions) as session:
        missing = days_to_make(await store.standing_days(session), now, rules)
    for day in missing:
        try:
            async with transaction(sessions) as session:
                await store.be_patient(session, _PATIENCE_MS)
                await store.make_day(session, day)
        except OperationalError as error:
            _unless_in_use(error, day)


async def settle_day(
    sessions: Sessions, day: date, now: datetime, *, attempts: int = _ATTEMPTS
) -> bool:
    """Settle a day, or settle it anew; return whether it was done, or others were at work."""
    try:
        async with transaction(sessions) as session:
            if not await store.is_settler(session):
                return False
            await store.be_patient(session, _BEGIN_PATIENCE_MS)
            copy = await store.build_copy(session, day)
            last = await take_place(session, copy, now, attempts=attempts)
    except OperationalError as error:
        _unless_in_use(error, day)
        return False
    log.info(
        "a day is settled",
        extra={"day": day.isoformat(), "positions": last.positions, "repeats": last.repeats},
    )
    return True


async def take_place(
    session: AsyncSession,
    copy: store.Copy,
    now: datetime,
    *,
    raw_left: int | None = None,
    attempts: int = _ATTEMPTS,
) -> store.Copy:
    """Let a copy take its day's place, with what has arrived since it was built; return it so.

    Raises OperationalError when readers are at work in each of the attempts.
    """
    held = await store.carry_over(session, copy)
    await _hold_positions(session, attempts)
    last = await store.carry_over(session, held)
    is_late = last.positions > copy.positions
    await store.put_in_place(session, last, late=is_late, now=now, raw_left=raw_left)
    return last


async def _hold_positions(session: AsyncSession, attempts: int) -> None:
    """Wait for the moment at which nobody is at work; let others pass between the attempts."""
    await store.be_patient(session, _PATIENCE_MS)
    for attempt in range(attempts):
        try:
            async with session.begin_nested():
                await store.hold_positions(session)
        except OperationalError as error:
            if sqlstate(error) != _LOCK_NOT_AVAILABLE or attempt == attempts - 1:
                raise
            await asyncio.sleep(_PAUSE_S)
        else:
            return


def _unless_in_use(error: OperationalError, day: date) -> None:
    """Let pass that a partition is in use; the next step tries again. Raises everything else."""
    if sqlstate(error) != _LOCK_NOT_AVAILABLE:
        raise error
    log.warning("a partition is in use and waits", extra={"day": day.isoformat()})
