"""Renewal (更新): an old vehicle leaves its place to a new one.

Source: 党政机关公务用车管理办法: a vehicle may be renewed after more than eight years of use. The
number is known from secondary sources only. An earlier one is recorded as early; who approves it
is the matter of an application.
"""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.vehicles.events import add_event
from fleet.vehicles.life_store import life, lock_vehicle, unit_no_at
from fleet.vehicles.tables import Vehicle
from fleet.vehicles.words import EventKind, LifeState
from kit.clock import shanghai_day

RENEWAL_YEARS = 8


def is_early(started: date, day: date) -> bool:
    """Return whether `day` comes before more than RENEWAL_YEARS have passed since `started`."""
    years = day.year - started.year - ((day.month, day.day) <= (started.month, started.day))
    return years < RENEWAL_YEARS


async def renew(
    session: AsyncSession, act: Act, old: Vehicle, *, day: date, document_no: int | None = None
) -> bool:
    """Record that `old` is renewed on `day`, and return whether that is early.

    Its place in the quota is free from then on; it stays in the register until it is disposed of.
    A renewal that is recorded already is left as it is. Raises IllegalStep, NotYet.
    """
    await lock_vehicle(session, old)
    early = is_early(await _started(session, old), day)
    if old.state == LifeState.RENEWED:
        return early
    unit_no = await unit_no_at(session, old.no, act.now)
    before = old.state
    await add_event(
        session,
        act,
        old,
        EventKind.RENEWED,
        day,
        organisation_no=unit_no,
        facts={"early": early},
        document_no=document_no,
    )
    act.record(
        session,
        "vehicle.renew",
        "vehicle",
        old.id,
        organisation_no=unit_no,
        before={"state": before},
        after={"state": old.state, "day": day.isoformat(), "early": early},
    )
    return early


async def replaced_by(session: AsyncSession, act: Act, old: Vehicle, new: Vehicle) -> None:
    """Link the old vehicle and the new one by a remark in both lives."""
    for one, facts in (
        (old, {"replaced_by": {"id": str(new.id), "plate": new.plate}}),
        (new, {"replaces": {"id": str(old.id), "plate": old.plate}}),
    ):
        latest = (await life(session, one))[-1][1]
        unit_no = await unit_no_at(session, one.no, act.now)
        await add_event(
            session, act, one, EventKind.CHANGED, latest, organisation_no=unit_no, facts=facts
        )
        act.record(session, "vehicle.link", "vehicle", one.id, organisation_no=unit_no, after=facts)
    await session.flush()


async def _started(session: AsyncSession, vehicle: Vehicle) -> date:
    """Return the day of purchase, or else the first known day of the vehicle's life."""
    if vehicle.purchase_date is not None:
        return vehicle.purchase_date
    days = [day for _, day in await life(session, vehicle)]
    return days[0] if days else shanghai_day(vehicle.recorded_at)
