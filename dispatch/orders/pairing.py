"""A vehicle and a driver for a ride: locked in one order by everybody, and fit for it.

Vehicles are locked before drivers, each in the order of their numbers; whoever books anything does
so, and so nobody waits in a ring.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity.guarding import objection_of_reservations
from dispatch.eligibility.drivers import is_licensed
from dispatch.eligibility.overriding import ask_rules, require_no_defect
from dispatch.eligibility.rules.seats import has_seats
from dispatch.errors import DriverOnLeave, LicenceTooSmall, TooManyPassengers, VehicleNotInUse
from dispatch.mobilisation.standing import require_in_force
from dispatch.orders import store
from dispatch.orders.store import BookableDriver, BookableVehicle
from dispatch.sealed.sealed import breaks_seals, require_unsealed
from dispatch.shared_rides.errors import SharingLimitBroken
from dispatch.shared_rides.permitted import NEVER
from dispatch.shared_rides.words import SharingLimit, WhoseLimit
from dispatch.tables import Order, Request
from dispatch.words import ServiceKind
from fleet.access import Actor
from fleet.sealings.standing import UnitVehicle
from fleet.vehicles.words import Body, LifeState
from fleet.words import Holding
from kit.errors import NotFound


@dataclass(frozen=True, slots=True)
class Pair:
    """A vehicle and a driver, both locked."""

    vehicle: BookableVehicle
    driver: BookableDriver


async def lock_pair(
    session: AsyncSession,
    vehicle_id: UUID,
    driver_id: UUID,
    scope: frozenset[int] | None,
    period: Range[datetime],
    now: datetime,
) -> Pair:
    """Lock the vehicle, then the driver; check that they may drive it to the end of the period.

    scope: the units whose vehicles and drivers are meant; None: any
    Raises NotFound, VehicleNotInUse, DriverOnLeave, LicenceTooSmall.
    """
    vehicle = check_vehicle(await store.lock_vehicle(session, vehicle_id, scope, now))
    driver = await store.lock_driver(session, driver_id, scope, period, now)
    return check_pair(vehicle, driver, period, now)


def check_vehicle(vehicle: BookableVehicle | None) -> BookableVehicle:
    """Return a vehicle that was found and is in use. Raises NotFound, VehicleNotInUse."""
    if vehicle is None:
        raise NotFound("There is no such vehicle in the units for which you dispatch.")
    if vehicle.state != LifeState.IN_USE:
        raise VehicleNotInUse(state=vehicle.state)
    return vehicle


def check_pair(
    vehicle: BookableVehicle,
    driver: BookableDriver | None,
    period: Range[datetime],
    now: datetime,
) -> Pair:
    """Return a vehicle with a driver who was found and may drive it to the end of the period.

    Raises NotFound, DriverOnLeave, LicenceTooSmall.
    """
    if driver is None:
        raise NotFound("There is no such driver in the units for which you dispatch.")
    if driver.on_leave:
        raise DriverOnLeave
    body, end = Body(vehicle.body) if vehicle.body else None, period.upper or now
    if not is_licensed(driver.licence_class, driver.licence_until, body, vehicle.seats, end):
        raise LicenceTooSmall(licence_class=driver.licence_class, seats=vehicle.seats)
    return Pair(vehicle, driver)


async def require_fit(
    session: AsyncSession,
    pair: Pair,
    served: Sequence[Request],
    period: Range[datetime],
    now: datetime,
    *,
    reason: str | None = None,
    apart_from: UUID | None = None,
    ride: Range[datetime] | None = None,
    service_kind: str | None = None,
) -> list[str]:
    """Refuse a vehicle that is too small for the requests served, sealed, or against the rules.

    Returns the names of the rules that are overridden. Which may be stands in `rules.hard`.

    reason: why rules are overridden; None where nobody may, as when no person chose
    apart_from: the order that is being changed
    ride: what counts for the hours of drivers, where `period` is what is added to it
    service_kind: what a vehicle needs for itself; it may be defective on its way to be repaired
    Raises TooManyPassengers, SharingLimitBroken, MobilisationEnded, VehicleSealed,
    VehicleDefective, BreaksReservation, OverrideNeedsReason.
    """
    check_seats(pair.vehicle, served)
    if len(served) > 1 and pair.vehicle.category in NEVER:
        raise SharingLimitBroken(SharingLimit.NEVER_SHARED, WhoseLimit.VEHICLE)
    urgent = [request.id for request in served if breaks_seals(request)]
    if urgent:
        # another driver alone: the order stays as it was made
        is_as_made = ride is None and await _keeps_vehicle(session, apart_from, pair.vehicle.no)
        if not is_as_made:
            await require_in_force(session, urgent)
    else:
        await require_unsealed(session, _as_sealed(pair.vehicle), period, now)
    if not served and service_kind != ServiceKind.REPAIR:
        await require_no_defect(session, pair.vehicle.no, period)
    vehicle = pair.vehicle
    also = await objection_of_reservations(
        session, vehicle.unit_no, vehicle.no, served, ride or period, now, apart_from, service_kind
    )
    told = await ask_rules(
        session, vehicle, pair.driver, served, period, now, reason, apart_from, ride, also
    )
    return [rule for rule, _ in told]


async def _keeps_vehicle(session: AsyncSession, order_id: UUID | None, vehicle_no: int) -> bool:
    if order_id is None:
        return False
    return vehicle_no == await session.scalar(select(Order.vehicle_no).where(Order.id == order_id))


def check_seats(vehicle: BookableVehicle, served: Sequence[Request]) -> None:
    """Refuse a vehicle that is too small for the requests served. Raises TooManyPassengers."""
    passengers = sum(request.passengers for request in served)
    if not has_seats(vehicle.seats, passengers):
        raise TooManyPassengers(seats=vehicle.seats, passengers=passengers)


def why_override(actor: Actor, reason: str | None) -> str | None:
    """Return why rules are overridden: only a person does so, and never the system itself."""
    return None if actor.automatic else reason


def is_cross_unit(vehicle: BookableVehicle, unit_nos: Collection[int]) -> bool:
    """Whether another unit's own vehicle serves (跨单位统一调度, 条例 art. 26)."""
    return vehicle.holding == Holding.RETAINED and vehicle.unit_no not in unit_nos


def _as_sealed(vehicle: BookableVehicle) -> UnitVehicle:
    """Return the vehicle as sealings look at it."""
    return UnitVehicle(vehicle.no, vehicle.unit_no, vehicle.category)
