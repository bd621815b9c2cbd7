"""Which unit uses a vehicle and where it parks: handed over by date, never overwritten.

A handover of the past changes what earlier positions mean: the vehicle's trips are derived again
from then on, by the same list that tells of terminals bound anew.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.errors import NotABase
from fleet.organisations.errors import NotYet
from fleet.organisations.tables import Organisation
from fleet.places.tables import Place
from fleet.promises import refuse_promised
from fleet.quotas.checks import over_quota, over_standard
from fleet.quotas.standards import Judged
from fleet.quotas.words import ExcessKind
from fleet.terminals.following import follow_vehicle
from fleet.terminals.tables import BindingChange
from fleet.vehicles.errors import OutsideUse, SameUnit, VehicleGone
from fleet.vehicles.events import add_event
from fleet.vehicles.life_cycle import ENDED
from fleet.vehicles.life_store import lock_vehicle, uses
from fleet.vehicles.plates import PlateColour, is_new_energy
from fleet.vehicles.tables import Vehicle, VehicleEvent, VehicleUnit
from fleet.vehicles.words import Body, Condition, EventKind, LifeState
from fleet.words import Category, Energy, Holding, PlaceKind
from kit.clock import shanghai_day


def must_be_present(vehicle: Vehicle) -> None:
    """Raise VehicleGone when the vehicle has left the fleet."""
    if LifeState(vehicle.state) in ENDED or vehicle.withdrawn_at is not None:
        raise VehicleGone


async def transfer(
    session: AsyncSession,
    act: Act,
    vehicle: Vehicle,
    *,
    to: Organisation,
    base: Place | None,
    at: datetime | None = None,
    document_no: int | None = None,
) -> VehicleEvent:
    """Hand the vehicle over to unit `to` at an instant of now (the default) or of the past.

    base: where it parks from then on
    Raises VehicleGone, NotYet, NotABase, SameUnit, OutsideUse, VehiclePromised, OverQuota,
    OverStandard.
    """
    starts = at or act.now
    use = await _last_use(session, act, vehicle, starts, base)
    if use.organisation_no == to.no:
        raise SameUnit
    await refuse_promised(session, act, vehicle.no, starts)
    giver = await session.get_one(Organisation, use.organisation_no)
    excess = await _excess(session, vehicle, to.no, act.now)
    await _hand_over(session, vehicle, use, to.no, base, starts)
    await follow_vehicle(session, act, vehicle.no, to.no)
    before = list(vehicle.excess)
    vehicle.excess = excess
    facts = {
        "from": {"id": str(giver.id), "name": giver.name},
        "to": {"id": str(to.id), "name": to.name},
        "base": base.name if base else None,
        "at": starts.isoformat(),
    }
    row = await add_event(
        session,
        act,
        vehicle,
        EventKind.TRANSFERRED,
        shanghai_day(starts),
        organisation_no=to.no,
        facts=facts | ({"excess": excess} if excess else {}),
        document_no=document_no,
    )
    for organisation_no in (giver.no, to.no):
        act.record(
            session,
            "vehicle.transfer",
            "vehicle",
            vehicle.id,
            organisation_no=organisation_no,
            before={"unit": giver.name, "excess": before},
            after={"unit": to.name, "at": starts.isoformat(), "excess": excess},
        )
    await session.flush()
    return row


async def move_base(
    session: AsyncSession,
    act: Act,
    vehicle: Vehicle,
    *,
    base: Place | None,
    at: datetime | None = None,
) -> VehicleEvent:
    """Let the vehicle park at another base from now (the default) or an instant of the past on.

    Raises VehicleGone, NotYet, NotABase, OutsideUse.
    """
    starts = at or act.now
    use = await _last_use(session, act, vehicle, starts, base)
    former = await session.get_one(Place, use.base_no) if use.base_no else None
    unit_no = use.organisation_no
    await _hand_over(session, vehicle, use, unit_no, base, starts)
    facts = {
        "before": former.name if former else None,
        "after": base.name if base else None,
        "at": starts.isoformat(),
    }
    row = await add_event(
        session,
        act,
        vehicle,
        EventKind.BASE_MOVED,
        shanghai_day(starts),
        organisation_no=unit_no,
        facts=facts,
    )
    act.record(
        session,
        "vehicle.move_base",
        "vehicle",
        vehicle.id,
        organisation_no=unit_no,
        before={"base": facts["before"]},
        after={"base": facts["after"], "at": facts["at"]},
    )
    await session.flush()
    return row


async def _last_use(
    session: AsyncSession, act: Act, vehicle: Vehicle, starts: datetime, base: Place | None
) -> VehicleUnit:
    """Return the use that is to end at `starts`, with the vehicle locked."""
    if starts > act.now:
        raise NotYet
    if base is not None and base.kind != PlaceKind.BASE:
        raise NotABase
    await lock_vehicle(session, vehicle)
    must_be_present(vehicle)
    rows = await uses(session, vehicle)
    if not rows or rows[0].period.upper is not None:
        raise OutsideUse
    lower = rows[0].period.lower
    if lower is not None and lower >= starts:
        raise OutsideUse
    return rows[0]


async def _hand_over(
    session: AsyncSession,
    vehicle: Vehicle,
    use: VehicleUnit,
    organisation_no: int,
    base: Place | None,
    starts: datetime,
) -> None:
    """End one use and begin the next, and have trips since then derived again."""
    use.period = use.period.__class__(use.period.lower, starts, bounds="[)")
    await session.flush()
    session.add(
        VehicleUnit(
            vehicle_no=vehicle.no,
            organisation_no=organisation_no,
            base_no=base.no if base else None,
            period=period(starts),
        )
    )
    session.add(BindingChange(vehicle_no=vehicle.no, since=starts))
    await session.flush()


async def _excess(
    session: AsyncSession, vehicle: Vehicle, organisation_no: int, now: datetime
) -> list[str]:
    """Return of what the vehicle is in excess at the unit that it comes to."""
    category = Category(vehicle.category)
    found: set[str] = set()
    if vehicle.holding != Holding.RENTAL and await over_quota(
        session, [(organisation_no, category)], now
    ):
        found.add(ExcessKind.OVER_QUOTA)
    if await over_standard(session, [(organisation_no, judged_now(vehicle))], now):
        found.add(ExcessKind.OVER_STANDARD)
    return sorted(found)


def judged_now(vehicle: Vehicle) -> Judged:
    """Return what the standards judge of a vehicle in the register."""
    return Judged(
        category=Category(vehicle.category),
        condition=Condition(vehicle.condition),
        body=Body(vehicle.body) if vehicle.body else None,
        new_energy=vehicle.energy == Energy.ELECTRIC
        or is_new_energy(PlateColour(vehicle.plate_colour)),
        price_fen=vehicle.price_fen,
        displacement_ml=vehicle.displacement_ml,
    )
