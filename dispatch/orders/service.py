"""Use cases of orders: the driver's steps, confirmation, acceptance back, cancellation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.checks.defects import take_out_of_use
from dispatch.checks.departing import require_departure_check
from dispatch.errors import ReasonNeeded
from dispatch.orders import store
from dispatch.orders.concerned import parts_in
from dispatch.orders.departing import require_near_start
from dispatch.orders.errors import RevisionNeeded
from dispatch.orders.journalling import record_step, standing_of
from dispatch.orders.runs import odometer_at_start
from dispatch.orders.stale import stale_order
from dispatch.orders.states import (
    CHANGES,
    NEEDS_REASON,
    OrderAction,
    OrderState,
    check_odometer,
    course,
    is_drivers,
    next_state,
    tap_time,
)
from dispatch.orders.steps import Step, Tap, move_order
from dispatch.orders.stranded import meet_where_it_stands
from dispatch.orders.telling import require_due, take_back_promises
from dispatch.parts import own_order, sees_order
from dispatch.requests.store import lock_requests_of
from dispatch.shared_rides.apart import apart
from dispatch.shared_rides.leaving import drop
from dispatch.tables import Order, OrderStep, Request
from dispatch.words import OrderKind, Part
from fleet.access import Actor
from fleet.acts import Act
from kit.errors import NotFound


async def take_step(
    session: AsyncSession,
    actor: Actor,
    order_id: UUID,
    action: OrderAction,
    tap: Tap,
    now: datetime,
    address: str | None,
) -> Order:
    """Move an order on, and its requests with it.

    A tap that has already been recorded changes nothing: phones send again what was not answered.
    Raises NotFound, StaleRevision, RevisionNeeded, ReasonNeeded, TooEarly, VehicleOut, DriverOut
    and the errors of `orders` and of `shared_rides.apart`.
    """
    assert action not in CHANGES, "changes have a use case of their own"
    order = await store.lock_order(session, order_id, sees_order(actor))
    if order is None:
        raise NotFound
    last = await store.last_step(session, order.id)
    if _is_repeat(last, actor, action, tap):
        return order
    if tap.revision is not None and tap.revision != order.revision:
        raise await stale_order(session, actor, order, tap.revision)
    step = _decide(order, action, await parts_in(session, actor, order), tap, last, now)
    served = await lock_requests_of(session, order.id)
    alone = apart(action, OrderState(order.state), served, actor.person_no, tap.request_id)
    if alone is not None:
        step = replace(step, to=alone.to, apart=alone.requests)
    check_odometer(action, tap.odometer_m, await odometer_at_start(session, order))
    if action is OrderAction.NO_SHOW:
        await require_due(session, order, step.apart or [one.id for one in served], step.at)
    if action is OrderAction.DEPART:
        await require_near_start(session, order, step.at)
        await require_departure_check(session, order, step.at)
    before, came_from = await standing_of(session, order), OrderState(order.state)
    async with store.refused_when_busy(session, order):
        await move_order(session, order, step, actor)
    act = Act(actor, now, address, tap.reason)
    if action is OrderAction.NO_SHOW and step.apart is not None:
        await drop(session, act, order, served, step.apart)
    if action is OrderAction.BREAKDOWN and tap.reason:
        await take_back_promises(session, actor, order, served, tap.reason, now)
        await meet_where_it_stands(session, order, served, came_from, step)
        # Nobody is to be sent the broken vehicle, first of all not the same passengers.
        if order.vehicle_no is not None:
            await take_out_of_use(session, Act(actor, now, address), order.vehicle_no, tap.reason)
    await session.flush()
    driven = {"at": step.at.isoformat(), "odometer_m": tap.odometer_m}
    after = {**await standing_of(session, order), **driven}
    record_step(session, act, order, f"order.{action}", before, after, _unit_of(step, served))
    await session.flush()
    return order


def _unit_of(step: Step, served: Sequence[Request]) -> int | None:
    """Return whose matter a step is that one who shares takes alone; None: the order's."""
    units = {one.organisation_no for one in served if step.apart and one.id in step.apart}
    return units.pop() if len(units) == 1 else None


def _decide(
    order: Order,
    action: OrderAction,
    parts: frozenset[Part],
    tap: Tap,
    last: OrderStep,
    now: datetime,
) -> Step:
    kind = course(OrderKind(order.kind), order.no_show_at)
    to = next_state(kind, OrderState(order.state), action, parts)
    if action in NEEDS_REASON and not tap.reason:
        raise ReasonNeeded(action=action)
    # What a driver taps tells what happened on the road, however late; others decide by a page.
    if tap.revision is None and not is_drivers(kind, OrderState(order.state), action, parts):
        raise RevisionNeeded(revision=order.revision)
    return Step(action, to, tap, tap_time(tap.tapped_at, last.tapped_at, now), now)


def _is_repeat(last: OrderStep, actor: Actor, action: OrderAction, tap: Tap) -> bool:
    return (
        tap.tapped_at is not None
        and last.action == action
        and last.actor_no == actor.person_no
        and last.tapped_at == tap.tapped_at
        and last.request_id == tap.request_id
    )


async def find(session: AsyncSession, actor: Actor, order_id: UUID) -> Order:
    """Return an order within the actor's sight. Raises NotFound."""
    order = await store.find_order(session, order_id, sees_order(actor))
    if order is None:
        raise NotFound
    return order


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders a list shows; None and empty mean all within sight."""

    states: Sequence[OrderState]
    mine: bool
    vehicle_id: UUID | None


async def list_seen(
    session: AsyncSession, actor: Actor, which: OrderFilter, before: UUID | None, limit: int
) -> Sequence[Order]:
    """Return at most `limit` orders within the actor's sight, newest first."""
    conditions: list[ColumnElement[bool]] = [own_order(actor) if which.mine else sees_order(actor)]
    if which.states:
        conditions.append(Order.state.in_(which.states))
    if which.vehicle_id is not None:
        vehicle_no = await store.vehicle_no(session, which.vehicle_id)
        conditions.append(Order.vehicle_no == vehicle_no)
    return await store.list_orders(session, conditions, before, limit)
