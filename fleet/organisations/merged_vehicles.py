"""What a merger means for vehicles: their lives tell of it, and quotas remain to be decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.lists import in_force
from fleet.organisations.tables import Organisation
from fleet.quotas.store import used
from fleet.quotas.tables import Quota
from fleet.vehicles.events import event
from fleet.vehicles.life_cycle import IllegalStep, in_order, state_after
from fleet.vehicles.life_store import life, lock_vehicle
from fleet.vehicles.tables import Vehicle, VehicleUnit
from fleet.vehicles.words import EventKind
from fleet.words import Category
from kit.clock import shanghai_day


@dataclass(frozen=True, slots=True)
class EndedQuota:
    """A quota that ended with its organisation, beside what the successor has.

    successor_count: None where nobody has approved a quota for the successor
    used: how many places the successor's vehicles take, those that came included
    """

    category: Category
    count: int
    successor_count: int | None
    used: int


async def lock_vehicles_of(
    session: AsyncSession, organisation_no: int, at: datetime
) -> Sequence[Vehicle]:
    """Return the vehicles that the organisation uses at `at`, locked in order of their numbers."""
    vehicles = await session.scalars(
        select(Vehicle)
        .join(VehicleUnit, VehicleUnit.vehicle_no == Vehicle.no)
        .where(
            VehicleUnit.organisation_no == organisation_no,
            in_force(VehicleUnit.period, at),
            Vehicle.withdrawn_at.is_(None),
        )
        .order_by(Vehicle.no)
    )
    found = vehicles.all()
    for vehicle in found:
        await lock_vehicle(session, vehicle)
    return found


async def tell_lives(
    session: AsyncSession,
    act: Act,
    vehicles: Sequence[Vehicle],
    *,
    predecessor: Organisation,
    successor: Organisation,
    at: datetime,
) -> None:
    """Write the merger into the lives of locked vehicles.

    A vehicle that was not allocated yet, or is renewed, is not transferred: it has changed.
    """
    day = shanghai_day(at)
    facts = {
        "from": {"id": str(predecessor.id), "name": predecessor.name},
        "to": {"id": str(successor.id), "name": successor.name},
        "at": at.isoformat(),
        "merger": True,
    }
    for vehicle in vehicles:
        before = await life(session, vehicle)
        kind = EventKind.TRANSFERRED
        try:
            state_after(in_order([*before, (kind, day)]))
        except IllegalStep:
            kind = EventKind.CHANGED
        session.add(event(act, vehicle, kind, day, organisation_no=successor.no, facts=facts))
    await session.flush()


async def quotas_to_decide(
    session: AsyncSession, predecessor_no: int, successor_no: int, at: datetime, now: datetime
) -> list[EndedQuota]:
    """Return the quotas of the predecessor that ended at `at`, by category."""
    ended = await session.execute(
        select(Quota.category, Quota.count)
        .where(Quota.organisation_no == predecessor_no, func.upper(Quota.period) == at)
        .order_by(Quota.category)
    )
    counts: dict[str, int] = dict(ended.all())
    if not counts:
        return []
    kept = await session.execute(
        select(Quota.category, Quota.count).where(
            Quota.organisation_no == successor_no, in_force(Quota.period, now)
        )
    )
    own: dict[str, int] = dict(kept.all())
    taken = await used(session, [(successor_no, category) for category in counts], now)
    return [
        EndedQuota(
            Category(category), count, own.get(category), taken.get((successor_no, category), 0)
        )
        for category, count in counts.items()
    ]
