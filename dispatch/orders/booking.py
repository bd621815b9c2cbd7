"""Use cases that book a vehicle and a driver: assignment, and service orders.

Locks are taken in one order by everybody: request, vehicle, driver, slip counter. The database
refuses what overlaps; that refusal is the answer VehicleBusy or DriverBusy.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.drivers import is_licensed
from dispatch.eligibility.rules.seats import has_seats
from dispatch.errors import (
    DriverOnLeave,
    LicenceTooSmall,
    StaleRevision,
    TooManyPassengers,
    VehicleNotInUse,
)
from dispatch.orders import store
from dispatch.orders.states import OrderState
from dispatch.orders.steps import move_request
from dispatch.orders.store import BookableDriver, BookableVehicle
from dispatch.parts import request_parts, sees_request
from dispatch.requests.states import RequestAction, RequestState, check_period, next_state
from dispatch.requests.store import lock_request
from dispatch.schemas import AssignmentIn, ServiceOrderIn
from dispatch.sealed.sealed import breaks_seals, require_unsealed
from dispatch.slips.service import issue_slip
from dispatch.suggestions.store import mark_chosen
from dispatch.tables import Order, OrderRequest, OrderStep, Request
from dispatch.words import OrderKind
from fleet import journal
from fleet.access import Actor
from fleet.permissions import ROLE_PERMISSIONS, Permission
from fleet.sealings.standing import UnitVehicle
from fleet.vehicles.words import Body, LifeState
from fleet.words import Holding
from kit.errors import Forbidden, NotFound
from kit.ids import new_id


@dataclass(frozen=True, slots=True)
class _Pair:
    """A vehicle and a driver, both locked."""

    vehicle: BookableVehicle
    driver: BookableDriver


async def assign(
    session: AsyncSession,
    actor: Actor,
    request_id: UUID,
    choice: AssignmentIn,
    now: datetime,
    address: str | None,
) -> Order:
    """Make an order of a request, a vehicle and a driver, and number its slip.

    Raises NotFound, StaleRevision, TooManyPassengers, VehicleNotInUse, VehicleSealed,
    DriverOnLeave, LicenceTooSmall, VehicleBusy, DriverBusy and the errors of
    `requests.next_state`.
    """
    scope = actor.scope(Permission.ORDER_ASSIGN)
    request = await lock_request(session, request_id, sees_request(actor))
    if request is None:
        raise NotFound
    actor.require(Permission.ORDER_ASSIGN, request.organisation_no)
    if request.revision != choice.revision:
        raise StaleRevision(revision=request.revision, state=request.state)
    parts = request_parts(actor, request)
    to = next_state(RequestState(request.state), RequestAction.ASSIGN, parts)
    pair = await _lock_pair(
        session, choice.vehicle_id, choice.driver_id, scope, request.period, now
    )
    if not has_seats(pair.vehicle.seats, request.passengers):
        raise TooManyPassengers(seats=pair.vehicle.seats, passengers=request.passengers)
    if not breaks_seals(request):
        await require_unsealed(session, _as_sealed(pair.vehicle), request.period, now)
    order = _new_order(OrderKind.RIDE, request.organisation_no, pair, request.period)
    order.issuer_no = _acting_for(actor, Permission.ORDER_ASSIGN, request.organisation_no)
    order.dispatcher_no = actor.person_no
    order.cross_unit = _is_cross_unit(pair.vehicle, request)
    await store.book(session, order)
    session.add(OrderRequest(order_id=order.id, request_id=request.id))
    _first_step(session, order, actor, now, choice.reason)
    move_request(session, request, RequestAction.ASSIGN, to, actor, now, choice.reason)
    await session.flush()
    await mark_chosen(session, choice.suggestion_id, request.id, order.id)
    number = await issue_slip(session, order, now)
    _journal(session, actor, order, "order.assign", pair, number, now, choice.reason, address)
    await session.flush()
    return order


async def issue_service_order(
    session: AsyncSession, actor: Actor, wish: ServiceOrderIn, now: datetime, address: str | None
) -> Order:
    """Make an order for a vehicle's own needs (车务派车), with its slip.

    Raises NotFound, VehicleNotInUse, VehicleSealed, DriverOnLeave, LicenceTooSmall, VehicleBusy,
    DriverBusy and the errors of `check_period`.
    """
    check_period(wish.start, wish.end, now)
    scope = actor.scope(Permission.SERVICE_ORDER_WRITE)
    period = Range(wish.start, wish.end, bounds="[)")
    pair = await _lock_pair(session, wish.vehicle_id, wish.driver_id, scope, period, now)
    await require_unsealed(session, _as_sealed(pair.vehicle), period, now)
    order = _new_order(OrderKind.SERVICE, pair.vehicle.unit_no, pair, period)
    order.issuer_no = _acting_for(actor, Permission.SERVICE_ORDER_WRITE, pair.vehicle.unit_no)
    order.dispatcher_no = actor.person_no
    order.service_kind = wish.service_kind
    await store.book(session, order)
    _first_step(session, order, actor, now, wish.reason)
    await session.flush()
    number = await issue_slip(session, order, now)
    _journal(session, actor, order, "service_order.issue", pair, number, now, wish.reason, address)
    await session.flush()
    return order


async def _lock_pair(
    session: AsyncSession,
    vehicle_id: UUID,
    driver_id: UUID,
    scope: frozenset[int],
    period: Range[datetime],
    now: datetime,
) -> _Pair:
    """Lock the vehicle, then the driver; check that they may drive it to the end of the period."""
    vehicle = await store.lock_vehicle(session, vehicle_id, scope, now)
    if vehicle is None:
        raise NotFound("There is no such vehicle in the units for which you dispatch.")
    if vehicle.state != LifeState.IN_USE:
        raise VehicleNotInUse(state=vehicle.state)
    driver = await store.lock_driver(session, driver_id, scope, period, now)
    if driver is None:
        raise NotFound("There is no such driver in the units for which you dispatch.")
    if driver.on_leave:
        raise DriverOnLeave
    body, end = Body(vehicle.body) if vehicle.body else None, period.upper or now
    if not is_licensed(driver.licence_class, driver.licence_until, body, vehicle.seats, end):
        raise LicenceTooSmall(licence_class=driver.licence_class, seats=vehicle.seats)
    return _Pair(vehicle, driver)


def _as_sealed(vehicle: BookableVehicle) -> UnitVehicle:
    """Return the vehicle as sealings look at it."""
    return UnitVehicle(vehicle.no, vehicle.unit_no, vehicle.category)


def _new_order(kind: OrderKind, unit_no: int, pair: _Pair, period: Range[datetime]) -> Order:
    return Order(
        id=new_id(),
        kind=kind,
        organisation_no=unit_no,
        vehicle_no=pair.vehicle.no,
        driver_no=pair.driver.no,
        cross_unit=False,
        period=period,
        state=OrderState.ASSIGNED,
        revision=1,
    )


def _is_cross_unit(vehicle: BookableVehicle, request: Request) -> bool:
    """Whether another unit's own vehicle serves (跨单位统一调度, 条例 art. 26)."""
    return vehicle.holding == Holding.RETAINED and vehicle.unit_no != request.organisation_no


def _acting_for(actor: Actor, permission: Permission, unit_no: int) -> int:
    """Return the organisation in whose name the actor issues: the one whose grant reaches it."""
    for grant in actor.grants:
        if permission in ROLE_PERMISSIONS[grant.role] and unit_no in grant.scope:
            return grant.organisation_no
    raise Forbidden


def _first_step(
    session: AsyncSession, order: Order, actor: Actor, now: datetime, reason: str | None
) -> None:
    session.add(
        OrderStep(
            order_id=order.id,
            action=RequestAction.ASSIGN,
            from_state=RequestState.AWAITING_DISPATCH,
            to_state=OrderState.ASSIGNED,
            actor_no=actor.person_no,
            tapped_at=now,
            recorded_at=now,
            reason=reason,
        )
    )


def _journal(
    session: AsyncSession,
    actor: Actor,
    order: Order,
    action: str,
    pair: _Pair,
    number: str,
    now: datetime,
    reason: str | None,
    address: str | None,
) -> None:
    journal.record(
        session,
        actor=actor,
        action=action,
        object_kind="order",
        object_id=order.id,
        now=now,
        organisation_no=order.organisation_no,
        after={"plate": pair.vehicle.plate, "driver": pair.driver.name, "slip": number},
        reason=reason,
        address=address,
    )
