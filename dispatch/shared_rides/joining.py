"""Use case: a request that awaits dispatch rides along in an order that has not departed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity.following import bind
from dispatch.orders import store as orders
from dispatch.orders.journalling import standing_of
from dispatch.orders.pairing import is_cross_unit, lock_pair, require_fit, why_override
from dispatch.orders.promising import Offer
from dispatch.orders.stale import stale_order
from dispatch.orders.steps import move_request
from dispatch.orders.telling import tell_pickup
from dispatch.parts import request_parts, sees_order, sees_request
from dispatch.requests.stale import stale_request
from dispatch.requests.states import RequestAction, RequestState, next_state
from dispatch.requests.store import find_request
from dispatch.roads.travel_times import TravelTimes
from dispatch.shared_rides import store
from dispatch.shared_rides.changing import extended_until, hours_of, paper_of, write_change
from dispatch.shared_rides.errors import NotSharedNow, SharingLimitBroken
from dispatch.shared_rides.judging import judge
from dispatch.shared_rides.planning import Fit, Misfit
from dispatch.shared_rides.schemas import JoinIn
from dispatch.tables import Order, OrderRequest, Request
from dispatch.words import OrderKind
from fleet.access import Actor
from fleet.acts import Act
from fleet.permissions import Permission
from kit.errors import NotFound

JOIN = "join"


async def join(
    session: AsyncSession,
    act: Act,
    actor: Actor,
    request_id: UUID,
    wish: JoinIn,
    roads: TravelTimes,
) -> Order:
    """Let a request ride along in an order; judged anew under the locks of all who ride in it.

    Raises NotFound, StaleRevision, NotSharedNow, SharingNotReady, SharingLimitBroken, the errors of
    `requests.next_state`, `lock_pair`, `require_fit` and `book`, and PromiseWorsened.
    """
    now = act.now
    order, request = await _locked(session, actor, request_id, wish)
    parts = request_parts(actor, request)
    next_state(RequestState(request.state), RequestAction.ASSIGN, parts)
    judged = await judge(session, order, request, roads, now)
    if isinstance(judged.found, Misfit):
        found = judged.found
        raise SharingLimitBroken(found.limit, found.whose, _told(actor, judged.served, found))
    before = (await standing_of(session, order), await paper_of(session, order, judged.served))
    served = sorted([*judged.served, request], key=lambda one: one.id)
    until = await extended_until(session, order, judged.served)
    hours = hours_of(served, judged.found.calls, until)
    vehicle_id, driver_id = await orders.ids_of_pair(session, order)
    assert vehicle_id is not None
    assert driver_id is not None
    pair = await lock_pair(session, vehicle_id, driver_id, None, hours, now)
    why = why_override(actor, wish.reason) if wish.override else None
    overridden = await require_fit(
        session, pair, served, hours, now, reason=why, apart_from=order.id
    )
    order.period = hours
    # 条例 art 26: for one of them it may be another unit's own vehicle, though not for all
    order.cross_unit = any(is_cross_unit(pair.vehicle, {one.organisation_no}) for one in served)
    await orders.book(session, order, request.id, is_extension=True)
    session.add(OrderRequest(order_id=order.id, request_id=request.id))
    to = RequestState(order.state)
    # Why stands with the order: it may tell of those who ride already.
    move_request(session, request, RequestAction.ASSIGN, to, actor, now, None)
    await session.flush()
    await bind(session, actor, request, order, now)
    await store.write_plan(session, order.id, judged.found.calls)
    offer = Offer(_pick_up(judged.found, request.id), wish.reason)
    await tell_pickup(session, actor, order, [request], offer, now)
    told: dict[str, object] = {"joined": str(request.id)}
    if overridden:
        told["overridden"] = overridden
    await write_change(session, act, order, JOIN, before, served, told)
    return order


async def _locked(
    session: AsyncSession, actor: Actor, request_id: UUID, wish: JoinIn
) -> tuple[Order, Request]:
    """Lock the order, then all requests concerned; both must be as the dispatcher read them."""
    seen = await find_request(session, request_id, sees_request(actor))
    if seen is None:
        raise NotFound
    actor.require(Permission.ORDER_ASSIGN, seen.organisation_no)
    order = await orders.lock_order(session, wish.order_id, sees_order(actor))
    if order is None:
        raise NotFound
    actor.require(Permission.ORDER_ASSIGN, order.organisation_no)
    if order.revision != wish.order_revision:
        raise await stale_order(session, actor, order, wish.order_revision)
    ids = [one.id for _, one in await orders.requests_of_orders(session, [order.id])]
    locked = {one.id: one for one in await store.lock_requests(session, [*ids, request_id])}
    request = locked[request_id]
    if request.revision != wish.revision:
        raise await stale_request(session, request, wish.revision)
    if order.kind != OrderKind.RIDE or order.state not in store.JOINABLE:
        raise NotSharedNow(state=order.state)
    if order.vehicle_no is None or order.driver_no is None:
        raise NotSharedNow(state=order.state)
    return order, request


def _told(actor: Actor, served: Sequence[Request], found: Misfit) -> UUID | None:
    """Return whose request it is, where the actor may read it."""
    scope = actor.scope(Permission.REQUEST_READ)
    unseen = {one.id for one in served if one.organisation_no not in scope}
    return None if found.request_id in unseen else found.request_id


def _pick_up(found: Fit, request_id: UUID) -> datetime:
    at = next(c.at for c in found.calls if c.request_id == request_id and c.is_pick_up)
    return store.instant(at)
