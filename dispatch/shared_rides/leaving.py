"""Use case: one request leaves a shared order before it departs, and the rest is planned anew."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity.following import hold_again
from dispatch.orders import store as orders
from dispatch.orders.journalling import standing_of
from dispatch.orders.pairing import is_cross_unit
from dispatch.orders.stale import stale_order
from dispatch.orders.steps import move_request
from dispatch.parts import sees_order
from dispatch.requests.states import RequestState
from dispatch.roads.travel_times import TravelTimes
from dispatch.shared_rides import store
from dispatch.shared_rides.changing import extended_until, hours_of, paper_of, write_change
from dispatch.shared_rides.errors import NotInThisOrder, NotSharedNow
from dispatch.shared_rides.judging import asked_of
from dispatch.shared_rides.kernel import is_ready
from dispatch.shared_rides.planning import Call, Fit, plan
from dispatch.shared_rides.schemas import LeaveIn
from dispatch.slips.amending import amend_slip
from dispatch.tables import Order, OrderRequest, Request
from fleet.access import Actor
from fleet.acts import Act
from fleet.permissions import Permission
from kit.errors import NotFound

LEAVE = "leave"
AT_LEAST = timedelta(minutes=1)
"""What is out is held for no empty period, however late it is."""


async def let_off(
    session: AsyncSession,
    act: Act,
    actor: Actor,
    order_id: UUID,
    wish: LeaveIn,
    roads: TravelTimes,
) -> Order:
    """Let a request off a shared order: it awaits dispatch again, by itself.

    Raises NotFound, StaleRevision, NotSharedNow, NotInThisOrder.
    """
    order = await orders.lock_order(session, order_id, sees_order(actor))
    if order is None:
        raise NotFound
    actor.require(Permission.ORDER_ASSIGN, order.organisation_no)
    if order.revision != wish.revision:
        raise await stale_order(session, actor, order, wish.revision)
    await leave(
        session, act, actor, order, wish.request_id, RequestState.AWAITING_DISPATCH, LEAVE, roads
    )
    return order


async def shares(session: AsyncSession, order: Order) -> bool:
    """Whether an order serves more than one request."""
    return len(await orders.requests_of_orders(session, [order.id])) > 1


async def leave(
    session: AsyncSession,
    act: Act,
    actor: Actor,
    order: Order,
    request_id: UUID,
    to: RequestState,
    action: str,
    roads: TravelTimes | None,
) -> Request:
    """Take a request out of a locked order that serves others too; return it, moved to a state.

    action: the step of the request
    roads: by which the rest is planned anew; None: they keep the times that they have
    Raises NotSharedNow, NotInThisOrder.
    """
    ids = [one.id for _, one in await orders.requests_of_orders(session, [order.id])]
    served = await store.lock_requests(session, ids)
    leaving = next((one for one in served if one.id == request_id), None)
    rest = [one for one in served if one.id != request_id]
    if leaving is None or not rest:
        raise NotInThisOrder
    if order.state not in store.JOINABLE:
        raise NotSharedNow(state=order.state)
    before = (await standing_of(session, order), await paper_of(session, order, served))
    until = await extended_until(session, order, served)
    calls = await _calls_of_rest(session, order, rest, roads, act)
    await _unserve(session, order, [request_id])
    move_request(session, leaving, action, to, actor, act.now, act.reason)
    if to is RequestState.AWAITING_DISPATCH:
        await hold_again(session, actor, leaving, order, act.now)
    order.period = hours_of(rest, calls, until)
    await store.write_plan(session, order.id, calls)
    await _say_whose(session, order, rest, act)
    await session.flush()
    await write_change(session, act, order, LEAVE, before, rest, {"left": str(request_id)})
    return leaving


async def drop(
    session: AsyncSession,
    act: Act,
    order: Order,
    served: Sequence[Request],
    gone: Collection[UUID],
) -> None:
    """Take those who didn't come out of a locked order on the road; the others keep their calls.

    The order stays one of the unit that sent it out, and is held for the others' hours only.

    served: the locked requests of the order, those who are gone among them
    """
    assert act.actor is not None, "somebody waited in vain"
    rest = [one for one in served if one.id not in gone]
    said = await paper_of(session, order, served)
    calls = await store.calls_of(session, order.id) or ()
    kept = [call for call in calls if call.request_id not in gone]
    until = await extended_until(session, order, served)
    await _unserve(session, order, gone)
    await store.write_plan(session, order.id, kept)
    start, end = order.period.lower, hours_of(rest, kept, until).upper
    if start is not None and end is not None:
        order.period = Range(start, max(end, act.now + AT_LEAST), bounds="[)")
    await session.flush()
    says = await paper_of(session, order, rest)
    await amend_slip(session, order, LEAVE, said, says, act.actor, act.now, act.reason or "")


async def _unserve(session: AsyncSession, order: Order, gone: Collection[UUID]) -> None:
    await session.execute(
        delete(OrderRequest).where(
            OrderRequest.order_id == order.id, OrderRequest.request_id.in_(gone)
        )
    )


async def _calls_of_rest(
    session: AsyncSession,
    order: Order,
    rest: Sequence[Request],
    roads: TravelTimes | None,
    act: Act,
) -> tuple[Call, ...]:
    """Return the calls of those who stay: planned anew, or at the times that they have."""
    staying = {one.id for one in rest}
    had = await store.calls_of(session, order.id) or ()
    kept = tuple(call for call in had if call.request_id in staying)
    if roads is None or order.vehicle_no is None or not is_ready():
        return kept
    vehicle = await store.vehicle_of(session, order.vehicle_no, act.now)
    asked = await asked_of(session, order, rest, vehicle, act.now)
    found = await asyncio.to_thread(plan, asked, None, roads, act.now)
    return found.calls if isinstance(found, Fit) else kept


async def _say_whose(
    session: AsyncSession, order: Order, rest: Sequence[Request], act: Act
) -> None:
    """Let an order be one of a unit whose people still ride in it, and say whether it crosses."""
    if all(one.organisation_no != order.organisation_no for one in rest):
        order.organisation_no = rest[0].organisation_no
    vehicle_id, _ = await orders.ids_of_pair(session, order)
    if vehicle_id is None:
        return
    vehicle = await orders.lock_vehicle(session, vehicle_id, None, act.now)
    if vehicle is not None:
        order.cross_unit = any(is_cross_unit(vehicle, {one.organisation_no}) for one in rest)
