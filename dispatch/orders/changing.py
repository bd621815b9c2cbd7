"""Use case: another vehicle, another driver or a later end for an order that is promised.

Everything that the change touches is locked first, in the order that all bookings keep: order,
requests, vehicles, drivers. The database refuses what would overlap. The slip is amended, never
rewritten; what was driven before a swap stays with who drove it; a promise to the passenger does
not become later without a person's reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import (
    NothingChanged,
    ReasonNeeded,
    StepNotYours,
)
from dispatch.explaining import MARGIN
from dispatch.orders import store
from dispatch.orders.concerned import parts_in
from dispatch.orders.errors import PickupsOfSeveral
from dispatch.orders.extending import extend
from dispatch.orders.journalling import record_step, standing_of
from dispatch.orders.pairing import is_cross_unit, lock_pair, require_fit, why_override
from dispatch.orders.promise_store import Arrival, promised_pickups, suggested_arrival
from dispatch.orders.promising import Offer, check_pickup, pickup_time
from dispatch.orders.runs import end_run
from dispatch.orders.stale import stale_order
from dispatch.orders.states import OUT, OrderAction, OrderState, course, next_state, tap_time
from dispatch.orders.steps import Step, Tap, move_order
from dispatch.orders.telling import tell_pickup
from dispatch.parts import sees_order
from dispatch.requests.store import lock_requests_of
from dispatch.roads.travel_times import TravelTimes
from dispatch.shared_rides.changing import paper_of
from dispatch.shared_rides.putting_off import Later, comes_later, later_by, put_off, was_put_off
from dispatch.slips.amending import amend_slip, facts_of
from dispatch.suggestions.store import note_choice
from dispatch.tables import Order, Request
from dispatch.words import OrderKind, Part
from fleet.access import Actor
from fleet.acts import Act
from fleet.permissions import Permission
from kit.clock import days_between
from kit.errors import NotFound

_NOBODY_ABOARD = (OrderState.ASSIGNED, OrderState.ACCEPTED, OrderState.DEPARTED)
# An order beyond its planned end is taken to last this much longer.
OVERDUE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody changes on an order, having read this revision of it; None: stays as it is.

    override: whether soft rules that speak against it are overridden, for the same reason
    pickup_at: what the passenger is told, where the dispatcher knows better than a suggestion
    odometer_m, left_odometer_m: of the vehicle that takes over, and of the one that is left
    """

    action: OrderAction
    revision: int
    reason: str
    override: bool = False
    vehicle_id: UUID | None = None
    driver_id: UUID | None = None
    end: datetime | None = None
    suggestion_id: UUID | None = None
    pickup_at: datetime | None = None
    odometer_m: int | None = None
    left_odometer_m: int | None = None


async def change_order(
    session: AsyncSession,
    actor: Actor,
    order_id: UUID,
    change: Change,
    now: datetime,
    address: str | None,
    *,
    arrival: Arrival | None = None,
    agreed: bool = False,
    roads: TravelTimes | None = None,
) -> Order:
    """Change a promised order, its slip and its history.

    arrival: of the new vehicle at the pick-up; None: what a suggestion has shown
    agreed: whether the driver who has accepted it has agreed to what auto-dispatch changes
    roads: by which a shared order is planned anew for a vehicle that comes later; None: it isn't
    Raises NotFound, StaleRevision, ReasonNeeded, NothingChanged, the errors of `extend`,
    PromiseWorsened, PickupsOfSeveral, SharingLimitBroken, VehicleBusy, DriverBusy,
    UnknownSuggestion and the errors of `lock_pair`, `require_fit` and `orders.next_state`.
    """
    order = await store.lock_order(session, order_id, sees_order(actor))
    if order is None:
        raise NotFound
    if change.revision != order.revision:
        raise await stale_order(session, actor, order, change.revision)
    if not change.reason:
        raise ReasonNeeded(action=change.action)
    change = await _as_meant(session, order, change)
    served = await lock_requests_of(session, order.id)
    parts = await parts_in(session, actor, order)
    to = _decide(actor, order, change, parts, agreed=agreed)
    why = _why_override(actor, change, parts)
    at = tap_time(None, (await store.last_step(session, order.id)).tapped_at, now)
    before, said = await facts_of(session, order), await _paper(session, order, served)
    stood = await standing_of(session, order)
    if change.action is OrderAction.EXTEND:
        assert change.end is not None, "an extension says until when"
        by_driver = Part.DISPATCHER not in parts
        overridden = await extend(session, order, served, change.end, why, now, by_driver=by_driver)
    else:
        overridden = await _swap(session, actor, order, served, change, why, at, now)
        if len(served) > 1:
            await _tell_several(session, actor, order, served, change, now, roads)
        else:
            await _tell(session, actor, order, served, change, arrival, now)
        await note_choice(session, change.suggestion_id, served, order.id, now)
    after = await facts_of(session, order)
    says = await _paper(session, order, served)
    await amend_slip(session, order, change.action, said, says, actor, now, change.reason)
    tap = Tap(odometer_m=change.odometer_m, reason=change.reason)
    await move_order(session, order, Step(change.action, to, tap, at, now), actor)
    await session.flush()
    told = {"overridden": list(overridden)} if overridden else {}
    stands = {**await standing_of(session, order), **after, **told}
    act = Act(actor, now, address, change.reason)
    record_step(session, act, order, f"order.{change.action}", {**stood, **before}, stands)
    await session.flush()
    return order


async def _as_meant(session: AsyncSession, order: Order, change: Change) -> Change:
    """Return a swap that names the order's own vehicle as one of drivers: its reading stands."""
    if change.action is OrderAction.SWAP_VEHICLE and change.driver_id is not None:
        vehicle_id, _ = await store.ids_of_pair(session, order)
        if change.vehicle_id == vehicle_id:
            return replace(change, action=OrderAction.SWAP_DRIVER, vehicle_id=None)
    return change


def _decide(
    actor: Actor, order: Order, change: Change, parts: frozenset[Part], *, agreed: bool
) -> OrderState:
    state = OrderState(order.state)
    # Auto-dispatch improves what no driver has accepted, and else what the driver has agreed to.
    improvable = {OrderState.ASSIGNED, OrderState.ACCEPTED} if agreed else {OrderState.ASSIGNED}
    if actor.automatic and (change.action is not OrderAction.REASSIGN or state not in improvable):
        raise StepNotYours(state=state, action=change.action)
    return next_state(course(OrderKind(order.kind), order.no_show_at), state, change.action, parts)


def _why_override(actor: Actor, change: Change, parts: frozenset[Part]) -> str | None:
    """Return why rules are overridden; only a dispatcher may, and says so beside the reason."""
    may = change.override and Part.DISPATCHER in parts
    return why_override(actor, change.reason) if may else None


async def _swap(
    session: AsyncSession,
    actor: Actor,
    order: Order,
    served: Sequence[Request],
    change: Change,
    why: str | None,
    at: datetime,
    now: datetime,
) -> list[str]:
    """Lock old and new, end the run that was driven so far, and book the new pair.

    Returns the rules that are overridden.
    """
    old = (order.vehicle_no, order.driver_no)
    had = await store.ids_of_pair(session, order)
    vehicle_id, driver_id = change.vehicle_id or had[0], change.driver_id or had[1]
    if vehicle_id is None or driver_id is None:
        raise NotFound
    if (vehicle_id, driver_id) == had:
        raise NothingChanged
    await store.lock_vehicles(session, [old[0], await store.vehicle_no(session, vehicle_id)])
    await store.lock_drivers(session, [old[1], await store.driver_no(session, driver_id)])
    period = _rest(order.period, now)
    pair = await lock_pair(session, vehicle_id, driver_id, _scope(actor, order), period, now)
    overridden = await require_fit(
        session,
        pair,
        served,
        period,
        now,
        reason=why,
        apart_from=order.id,
        service_kind=order.service_kind,
    )
    if order.state in OUT:
        since = await end_run(session, order, at, change.left_odometer_m)
        if since is not None and pair.vehicle.no != old[0]:
            days = days_between(since - MARGIN, now + MARGIN)
            store.mark_days(session, old[0], days, f"order.{change.action}")
    order.vehicle_no, order.driver_no = pair.vehicle.no, pair.driver.no
    # What is overdue is held on, so that nobody is promised the new pair meanwhile.
    order.period = Range(order.period.lower, period.upper, bounds="[)")
    units = {request.organisation_no for request in served}
    order.cross_unit = bool(units) and is_cross_unit(pair.vehicle, units)
    await store.book(session, order, served[0].id if served else None)
    return overridden


async def _tell(
    session: AsyncSession,
    actor: Actor,
    order: Order,
    served: Sequence[Request],
    change: Change,
    arrival: Arrival | None,
    now: datetime,
) -> None:
    """Tell the passengers the new pick-up time, as far as it is known."""
    pickup_at, suggestion_id = change.pickup_at, None
    if pickup_at is not None:
        check_pickup(pickup_at, order.period, now)
    if order.state in OUT and pickup_at is None:
        return
    if change.vehicle_id is None and pickup_at is None:
        return
    if pickup_at is None and served and change.vehicle_id is not None:
        arrival = arrival or await suggested_arrival(
            session, served[0].id, change.vehicle_id, change.suggestion_id, now
        )
        if arrival is not None:
            start = order.period.lower or now
            pickup_at, suggestion_id = (
                pickup_time(start, now, arrival.seconds),
                arrival.suggestion_id,
            )
    offer = Offer(pickup_at, change.reason, actor.automatic)
    await tell_pickup(session, actor, order, served, offer, now, suggestion_id)


async def _tell_several(
    session: AsyncSession,
    actor: Actor,
    order: Order,
    served: Sequence[Request],
    change: Change,
    now: datetime,
    roads: TravelTimes | None,
) -> None:
    """Tell those who share a ride each their own new time, if the new vehicle comes later.

    A pick-up that is named is that of whoever is picked up first; the others move with it. It is
    no earlier than what somebody was told first: they were told not to be there before.
    Raises PickupsOfSeveral, also once the vehicle has arrived, PeriodInThePast,
    PickupOutsideOrder, and the errors of `put_off`.
    """
    later: Later | None = None
    if change.pickup_at is not None:
        if order.state not in _NOBODY_ABOARD:
            raise PickupsOfSeveral
        check_pickup(change.pickup_at, order.period, now)
        told = await promised_pickups(session, [one.id for one in served])
        later = later_by(change.pickup_at - min(told.values(), default=change.pickup_at))
        if later is not None and later.by < -await was_put_off(session, served):
            raise PickupsOfSeveral
    elif order.state not in OUT and change.vehicle_id is not None:
        vehicle_id, suggestion_id = change.vehicle_id, change.suggestion_id
        later = await comes_later(session, served, vehicle_id, suggestion_id, now, roads)
    if later is not None:
        await put_off(session, actor, order, served, later, change.reason, now, roads)


async def _paper(
    session: AsyncSession, order: Order, served: Sequence[Request]
) -> Mapping[str, str]:
    """Return what the slip says of an order; of several who share, also of their calls."""
    if len(served) > 1:
        return await paper_of(session, order, served)
    return await facts_of(session, order)


def _rest(period: Range[datetime], now: datetime) -> Range[datetime]:
    """Return what is left of an order's period, for which a new pair must be fit."""
    start, end = period.lower or now, period.upper or now
    if end <= now:
        return Range(now, now + OVERDUE, bounds="[)")
    return Range(max(start, now), end, bounds="[)")


def _scope(actor: Actor, order: Order) -> frozenset[int]:
    scope = actor.scope(Permission.ORDER_ASSIGN)
    if order.kind == OrderKind.SERVICE:
        scope |= actor.scope(Permission.SERVICE_ORDER_WRITE)
    return scope
