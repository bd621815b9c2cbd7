"""The background work of audit: settling what changed, and looking at every night once."""

import logging
from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import delete, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from audit.rule_versions import rule_book
from audit.rules.not_back_at_night import night_window
from audit.settling import settle_days
from audit.store import lock_vehicle
from audit.tables import NightProgress
from fleet.retention.kinds import DataKind
from fleet.retention.store import erased_before
from fleet.tables import Vehicle
from kit.clock import day_start, shanghai_day
from kit.database import Sessions, transaction
from kit.ending import is_ending
from tracking.tables import ChangedDay

MOST_VEHICLES = 500
MOST_DAYS = 31
MOST_NIGHTS = 40
FIRST_NIGHTS = 3

_ONLY = 1

log = logging.getLogger(__name__)


async def settle_changes(
    sessions: Sessions, now: datetime, most_vehicles: int = MOST_VEHICLES
) -> int:
    """Settle changed days, one vehicle a transaction; return how many vehicle-days were settled.

    Call it again while it returns more than 0. A vehicle that fails is logged, keeps its changed
    days and does not hold up the others. Any number of workers may run at once.
    """
    settled = 0
    failed: list[int] = []
    for _ in range(most_vehicles):
        vehicle_no = None
        try:
            async with transaction(sessions) as session:
                vehicle_no = await _next_vehicle(session, failed)
                if vehicle_no is None:
                    break
                settled += await _settle_vehicle(session, vehicle_no, now)
        except Exception:
            if vehicle_no is None or is_ending():
                raise
            log.exception("a vehicle could not be settled", extra={"vehicle_no": vehicle_no})
            failed.append(vehicle_no)
    return settled


async def close_nights(sessions: Sessions, now: datetime) -> int:
    """Have every vehicle's nights looked at that ended since the last time; return how many.

    Nights missed while down are caught up, at most the last 40; the first run looks back 3.
    """
    closed = 0
    while await _close_next_night(sessions, now):
        closed += 1
    return closed


async def _next_vehicle(session: AsyncSession, failed: list[int]) -> int | None:
    """Return the vehicle that has waited longest and that nobody else is settling."""
    query = (
        select(ChangedDay.vehicle_no)
        .where(ChangedDay.vehicle_no.not_in(failed))
        .order_by(ChangedDay.no)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).one_or_none()


async def _settle_vehicle(session: AsyncSession, vehicle_no: int, now: datetime) -> int:
    # Lock before reading the days: whatever the one before us has settled is then gone.
    await lock_vehicle(session, vehicle_no)
    days = (
        select(ChangedDay.day)
        .where(ChangedDay.vehicle_no == vehicle_no)
        .distinct()
        .order_by(ChangedDay.day)
        .limit(MOST_DAYS)
    )
    rows = (
        select(ChangedDay.no, ChangedDay.day)
        .where(ChangedDay.vehicle_no == vehicle_no, ChangedDay.day.in_(days))
        .with_for_update(skip_locked=True)
    )
    taken = (await session.execute(rows)).all()
    changed = await _not_erased(session, {row.day for row in taken})
    await settle_days(session, vehicle_no, changed, now)
    await session.execute(delete(ChangedDay).where(ChangedDay.no.in_([row.no for row in taken])))
    return len(changed)


async def _not_erased(session: AsyncSession, days: Collection[date]) -> list[date]:
    """Return the days that can still be settled: what was erased stays as it was settled before.

    The first day after the erased ones is left alone as well, for its night begins among them.
    """
    horizon = await erased_before(session, DataKind.TRACKS)
    return sorted(day for day in days if horizon is None or day_start(day) > horizon)


async def _close_next_night(sessions: Sessions, now: datetime) -> bool:
    async with transaction(sessions) as session:
        over = await _last_night_over(session, now)
        if over is None:
            return False
        before = await _last_night_looked_at(session, over)
        if before >= over:
            return False
        night = max(before, over - timedelta(days=MOST_NIGHTS)) + timedelta(days=1)
        if night > before + timedelta(days=1):
            log.warning("nights are too long ago to be looked at", extra={"before": str(night)})
        vehicles = select(Vehicle.no, literal(night), literal("night"))
        await session.execute(
            insert(ChangedDay).from_select(["vehicle_no", "day", "cause"], vehicles)
        )
        await session.execute(update(NightProgress).values(night=night))
        return True


async def _last_night_over(session: AsyncSession, now: datetime) -> date | None:
    rule = (await rule_book(session, now)).night_at(now)
    if rule is None:
        return None
    yesterday = shanghai_day(now) - timedelta(days=1)
    is_over = night_window(yesterday, rule.thresholds)[1] <= now
    return yesterday if is_over else yesterday - timedelta(days=1)


async def _last_night_looked_at(session: AsyncSession, over: date) -> date:
    """Return the night up to which all is done, and lock it against other workers."""
    first = over - timedelta(days=FIRST_NIGHTS)
    await session.execute(
        upsert(NightProgress).values(only=_ONLY, night=first).on_conflict_do_nothing()
    )
    query = select(NightProgress.night).where(NightProgress.only == _ONLY).with_for_update()
    return (await session.scalars(query)).one()
