"""What an order that was booked with others leaves behind: steps, promise, slip and journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity.following import bind
from dispatch.orders.journalling import Facts, record_step, standing
from dispatch.orders.making import first_step
from dispatch.orders.promise_store import Arrival
from dispatch.orders.promising import Offer
from dispatch.orders.steps import move_request
from dispatch.orders.telling import promise_of
from dispatch.orders.together import store
from dispatch.orders.together.judging import Fit
from dispatch.refs import Refs, load_refs
from dispatch.requests.states import RequestAction, RequestState
from dispatch.slips.amending import facts_from
from dispatch.slips.content import number_text
from dispatch.slips.issuing import issue_slips
from dispatch.tables import Order, OrderRequest, Promise, Request
from fleet.access import Actor
from fleet.acts import Act


@dataclass(frozen=True, slots=True, eq=False)
class Booked:
    """An order that holds its vehicle and driver.

    arrival: of the vehicle at the pick-up, where somebody was shown it
    told: what the passenger was told before
    """

    fit: Fit
    order: Order
    offer: Offer
    arrival: Arrival | None
    told: Promise | None

    @property
    def request(self) -> Request:
        """The request that it serves."""
        return self.fit.wish.request


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """An order with its steps, before its slip.

    before: where its request stood; told: what holds for the passenger now
    """

    booked: Booked
    before: Facts
    told: Promise | None


async def write(
    session: AsyncSession, act: Act, actor: Actor, booked: Sequence[Booked]
) -> list[Written]:
    """Write the steps of orders and of their requests, and tell passengers their pick-ups."""
    session.add_all(one.request for one in booked)
    await session.flush()
    session.add_all(step for one in booked for step in one.fit.wish.steps)
    before = [
        standing(RequestState.AWAITING_DISPATCH, [one.request], _pickup(one.request, one.told))
        for one in booked
    ]
    for one in booked:
        order, request = one.order, one.request
        session.add(OrderRequest(order_id=order.id, request_id=request.id))
        first_step(session, order, actor, act.now, act.reason)
        action, to = RequestAction.ASSIGN, one.fit.to
        move_request(session, request, action, to, actor, act.now, act.reason)
    await session.flush()
    reserved = await store.reserved_for(session, [one.request.id for one in booked])
    for one in booked:
        if one.request.id in reserved:
            await bind(session, actor, one.request, one.order, act.now)
    made = [_tell(session, act, actor, one) for one in booked]
    await session.flush()
    return [
        Written(one, was, told or one.told)
        for one, was, told in zip(booked, before, made, strict=True)
    ]


async def issue(session: AsyncSession, act: Act, written: Sequence[Written]) -> None:
    """Number the slips of orders, last of all, and add an entry of each to the journal."""
    orders = [one.booked.order for one in written]
    refs = await load_refs(
        session,
        vehicles=[order.vehicle_no for order in orders],
        drivers=[order.driver_no for order in orders],
    )
    slips = await issue_slips(session, orders, act.now)
    for one in written:
        order = one.booked.order
        slip = slips[order.id]
        after = {**_after(one, refs), "slip": number_text(slip.year, slip.number)}
        record_step(session, act, order, "order.assign", one.before, after)
    await session.flush()


def _after(one: Written, refs: Refs) -> Facts:
    order, request, overridden = one.booked.order, one.booked.request, one.booked.fit.overridden
    stands = standing(order.state, [request], _pickup(request, one.told))
    told = {"overridden": list(overridden)} if overridden else {}
    return {**stands, **facts_from(order, refs), **told}


def _tell(session: AsyncSession, act: Act, actor: Actor, one: Booked) -> Promise | None:
    made = promise_of(actor, one.order, one.request, one.told, one.offer, act.now)
    if made is not None:
        made.suggestion_id = one.arrival.suggestion_id if one.arrival else None
        session.add(made)
    return made


def _pickup(request: Request, told: Promise | None) -> Mapping[UUID, datetime]:
    return {request.id: told.pickup_at} if told is not None and told.pickup_at is not None else {}
