"""Use cases that book a vehicle and a driver: assignment, and service orders.

Locks are taken in one order by everybody: request, vehicle, driver, slip counter. The database
refuses what overlaps; that refusal is the answer VehicleBusy or DriverBusy.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders import store
from dispatch.orders.pairing import Pair, is_cross_unit, lock_pair, require_fit, why_override
from dispatch.orders.promise_store import Arrival, suggested_arrival
from dispatch.orders.promising import Offer, pickup_time
from dispatch.orders.states import OrderState
from dispatch.orders.steps import move_request
from dispatch.orders.telling import tell_pickup
from dispatch.parts import request_parts, sees_request
from dispatch.requests.stale import stale_request
from dispatch.requests.states import (
    RequestAction,
    RequestState,
    booked_period,
    check_period,
    next_state,
)
from dispatch.requests.store import lock_request
from dispatch.schemas import AssignmentIn, ServiceOrderIn
from dispatch.slips.service import issue_slip
from dispatch.suggestions.following import require_first
from dispatch.suggestions.store import mark_chosen
from dispatch.tables import Order, OrderRequest, OrderStep
from dispatch.words import OrderKind
from fleet import journal
from fleet.access import Actor
from fleet.permissions import ROLE_PERMISSIONS, Permission
from kit.errors import Forbidden, NotFound
from kit.ids import new_id


async def assign(
    session: AsyncSession,
    actor: Actor,
    request_id: UUID,
    choice: AssignmentIn,
    now: datetime,
    address: str | None,
    *,
    arrival: Arrival | None = None,
) -> Order:
    """Make an order of a request, a vehicle and a driver, number its slip and tell the passenger.

    arrival: of the vehicle at the pick-up; None: what a suggestion has shown
    Raises NotFound, StaleRevision, TooManyPassengers, VehicleNotInUse, VehicleSealed,
    VehicleDefective, OverrideNeedsReason, NotFirstNeedsReason, DriverOnLeave, LicenceTooSmall,
    VehicleBusy, DriverBusy, PromiseWorsened and the errors of `requests.next_state`.
    """
    scope = actor.scope(Permission.ORDER_ASSIGN)
    request = await lock_request(session, request_id, sees_request(actor))
    if request is None:
        raise NotFound
    actor.require(Permission.ORDER_ASSIGN, request.organisation_no)
    if request.revision != choice.revision:
        raise await stale_request(session, request, choice.revision)
    parts = request_parts(actor, request)
    to = next_state(RequestState(request.state), RequestAction.ASSIGN, parts)
    period = booked_period(request.period, now)
    pair = await lock_pair(session, choice.vehicle_id, choice.driver_id, scope, period, now)
    overridden = await require_fit(
        session, pair, [request], period, now, reason=why_override(actor, choice.reason)
    )
    if choice.suggestion_id is not None and not choice.reason:
        await require_first(
            session, choice.suggestion_id, request.id, choice.vehicle_id, choice.driver_id
        )
    order = _new_order(OrderKind.RIDE, request.organisation_no, pair, period)
    order.issuer_no = _acting_for(actor, Permission.ORDER_ASSIGN, request.organisation_no)
    order.dispatcher_no = actor.person_no
    order.cross_unit = is_cross_unit(pair.vehicle, {request.organisation_no})
    await store.book(session, order, request.id)
    session.add(OrderRequest(order_id=order.id, request_id=request.id))
    _first_step(session, order, actor, now, choice.reason)
    move_request(session, request, RequestAction.ASSIGN, to, actor, now, choice.reason)
    await session.flush()
    await mark_chosen(session, choice.suggestion_id, request.id, order.id)
    arrival = arrival or await suggested_arrival(
        session, request.id, choice.vehicle_id, choice.suggestion_id, now
    )
    start = request.period.lower or now
    offer = Offer(
        pickup_time(start, now, arrival.seconds if arrival else None),
        choice.reason,
        actor.automatic,
    )
    suggestion_id = arrival.suggestion_id if arrival else None
    await tell_pickup(session, actor, order, [request], offer, now, suggestion_id)
    number = await issue_slip(session, order, now)
    _journal(
        session, actor, order, "order.assign", pair, number, now, choice.reason, address, overridden
    )
    await session.flush()
    return order


async def issue_service_order(
    session: AsyncSession, actor: Actor, wish: ServiceOrderIn, now: datetime, address: str | None
) -> Order:
    """Make an order for a vehicle's own needs (车务派车), with its slip.

    Raises NotFound, VehicleNotInUse, VehicleSealed, VehicleDefective, DriverOnLeave,
    LicenceTooSmall, VehicleBusy, DriverBusy and the errors of `check_period`.
    """
    check_period(wish.start, wish.end, now)
    scope = actor.scope(Permission.SERVICE_ORDER_WRITE)
    period = Range(wish.start, wish.end, bounds="[)")
    pair = await lock_pair(session, wish.vehicle_id, wish.driver_id, scope, period, now)
    await require_fit(session, pair, [], period, now, service_kind=wish.service_kind)
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


def _new_order(kind: OrderKind, unit_no: int, pair: Pair, period: Range[datetime]) -> Order:
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
            automatic=actor.automatic,
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
    pair: Pair,
    number: str,
    now: datetime,
    reason: str | None,
    address: str | None,
    overridden: Sequence[str] = (),
) -> None:
    after: dict[str, object] = {
        "plate": pair.vehicle.plate,
        "driver": pair.driver.name,
        "slip": number,
    }
    journal.record(
        session,
        actor=actor,
        action=action,
        object_kind="order",
        object_id=order.id,
        now=now,
        organisation_no=order.organisation_no,
        after=after | ({"overridden": list(overridden)} if overridden else {}),
        reason=reason,
        address=address,
    )
