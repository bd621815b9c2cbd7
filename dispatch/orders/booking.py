"""Use cases that book a vehicle and a driver: assignment, and service orders.

Locks are taken in one order by everybody: request, vehicle, driver, pool, slip counter. The
database refuses what overlaps; that refusal is the answer VehicleBusy or DriverBusy.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity.following import bind
from dispatch.mobilisation.standing import follow
from dispatch.orders import store
from dispatch.orders.journalling import Facts, record_step, standing
from dispatch.orders.making import acting_for, first_step, new_order
from dispatch.orders.pairing import Pair, is_cross_unit, lock_pair, require_fit, why_override
from dispatch.orders.promise_store import (
    Arrival,
    pickups_of,
    standing_promises,
    suggested_arrival,
)
from dispatch.orders.promising import Offer, pickup_time
from dispatch.orders.schemas import OrderItem, ServiceOrderIn
from dispatch.orders.steps import move_request
from dispatch.orders.telling import tell
from dispatch.orders.views import order_item, slip_ref
from dispatch.parts import request_parts, sees_request
from dispatch.requests.schemas import AssignmentIn
from dispatch.requests.stale import stale_request
from dispatch.requests.states import (
    RequestAction,
    RequestState,
    booked_period,
    check_period,
    next_state,
)
from dispatch.requests.store import lock_request
from dispatch.sealed.sealed import breaks_seals
from dispatch.slips.amending import facts_with
from dispatch.slips.content import number_text
from dispatch.slips.issuing import issue_slip
from dispatch.suggestions.following import require_first
from dispatch.suggestions.store import mark_chosen
from dispatch.tables import Order, OrderRequest, Slip
from dispatch.words import OrderKind
from fleet.access import Actor
from fleet.acts import Act
from fleet.permissions import Permission
from kit.errors import NotFound


@dataclass(frozen=True, slots=True)
class Booked:
    """An order that is written but for its slip, and the entry that the journal is to have of it.

    Whoever numbers a slip holds the issuer's counter until the transaction ends, and others wait:
    all that can be read and written before is.
    """

    order: Order
    act: Act
    action: str
    before: Facts
    after: Facts


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
    VehicleBusy, DriverBusy, PromiseWorsened, UnknownSuggestion and the errors of
    `requests.next_state`.
    """
    booked = await _book(session, actor, request_id, choice, now, address, arrival)
    await _issue(session, booked)
    return booked.order


async def assign_and_show(
    session: AsyncSession,
    actor: Actor,
    request_id: UUID,
    choice: AssignmentIn,
    now: datetime,
    address: str | None,
) -> OrderItem:
    """Do as `assign` does; return the order as the API shows it."""
    booked = await _book(session, actor, request_id, choice, now, address, None)
    item = await order_item(session, actor, booked.order)
    slip = await _issue(session, booked)
    return item.model_copy(update={"slip": slip_ref(slip)})


async def _book(
    session: AsyncSession,
    actor: Actor,
    request_id: UUID,
    choice: AssignmentIn,
    now: datetime,
    address: str | None,
    arrival: Arrival | None,
) -> Booked:
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
    why = why_override(actor, choice.reason) if choice.override else None
    overridden = await require_fit(session, pair, [request], period, now, reason=why)
    if choice.suggestion_id is not None and not choice.reason:
        await require_first(
            session, choice.suggestion_id, request.id, choice.vehicle_id, choice.driver_id
        )
    order = new_order(OrderKind.RIDE, request.organisation_no, pair, period)
    order.issuer_no = acting_for(actor, Permission.ORDER_ASSIGN, request.organisation_no)
    order.dispatcher_no = actor.person_no
    order.cross_unit = is_cross_unit(pair.vehicle, {request.organisation_no})
    await store.book(session, order, request.id)
    told = await standing_promises(session, [request.id])
    before = standing(RequestState.AWAITING_DISPATCH, [request], pickups_of(told))
    session.add(OrderRequest(order_id=order.id, request_id=request.id))
    first_step(session, order, actor, now, choice.reason)
    move_request(session, request, RequestAction.ASSIGN, to, actor, now, choice.reason)
    await session.flush()
    if breaks_seals(request):
        await follow(session, request.id, order.id, now)
    await bind(session, actor, request, order, now)
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
    told |= tell(session, actor, order, [request], told, offer, now, suggestion_id)
    await session.flush()
    after = {
        **standing(order.state, [request], pickups_of(told)),
        **_paper(order, pair),
        **({"overridden": list(overridden)} if overridden else {}),
    }
    return Booked(order, Act(actor, now, address, choice.reason), "order.assign", before, after)


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
    order = new_order(OrderKind.SERVICE, pair.vehicle.unit_no, pair, period)
    order.issuer_no = acting_for(actor, Permission.SERVICE_ORDER_WRITE, pair.vehicle.unit_no)
    order.dispatcher_no = actor.person_no
    order.service_kind = wish.service_kind
    await store.book(session, order)
    first_step(session, order, actor, now, wish.reason)
    await session.flush()
    act = Act(actor, now, address, wish.reason)
    before = standing(RequestState.AWAITING_DISPATCH, [], {})
    after = {**standing(order.state, [], {}), **_paper(order, pair)}
    await _issue(session, Booked(order, act, "service_order.issue", before, after))
    return order


def _paper(order: Order, pair: Pair) -> Facts:
    """Return what the slip of an order says of it, by what is known of vehicle and driver."""
    return facts_with(order, pair.vehicle.plate, pair.driver.name)


async def _issue(session: AsyncSession, booked: Booked) -> Slip:
    """Number the slip of a new order, last of all, and add the journal's entry."""
    slip = await issue_slip(session, booked.order, booked.act.now)
    after = {**booked.after, "slip": number_text(slip.year, slip.number)}
    record_step(session, booked.act, booked.order, booked.action, booked.before, after)
    await session.flush()
    return slip
