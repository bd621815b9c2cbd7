"""Use case: lines of a plan become orders, each by the same assignment that people make.

All rules are judged again then: way, hours, battery, promises, and the driver's rest, which only
plans keep. What fails is told and stays open; nothing else of the plan depends on it. Each line is
a transaction of its own. Of those who share a vehicle the first gets an order, which the others
join as people let them join.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity.spans import span_of
from dispatch.eligibility.errors import OverrideNeedsReason
from dispatch.errors import PeriodInThePast
from dispatch.orders import booking
from dispatch.plans import store
from dispatch.plans.drivers import is_rested, orders_of
from dispatch.plans.errors import PlanNotProposed, PlanOver, RestTooShort
from dispatch.plans.tables import PlanLine
from dispatch.plans.words import PlanLineState, PlanState
from dispatch.requests.schemas import AssignmentIn
from dispatch.retrying import retried
from dispatch.roads.travel_times import TravelTimes
from dispatch.shared_rides.errors import SharingNotReady
from dispatch.shared_rides.joining import join
from dispatch.shared_rides.schemas import JoinIn
from dispatch.tables import Order, Request
from fleet.access import Actor
from fleet.acts import Act
from fleet.permissions import Permission
from fleet.tables import Driver, Vehicle
from kit.clock import day_start
from kit.database import Sessions, transaction
from kit.errors import DomainError, NotFound


@dataclass(frozen=True, slots=True)
class _Confirmation:
    """A plan that somebody confirms."""

    plan_id: UUID
    day: tuple[datetime, datetime]
    actor: Actor
    roads: TravelTimes
    now: datetime
    address: str | None


async def confirm(
    sessions: Sessions,
    actor: Actor,
    plan_id: UUID,
    request_ids: Collection[UUID] | None,
    roads: TravelTimes,
    now: datetime,
    address: str | None,
) -> None:
    """Assign what a plan proposes, or the lines of these requests alone.

    Lines of units for which the actor doesn't dispatch stay proposed. A line whose request has
    changed since, or which a rule refuses now, is marked so with why.
    Raises NotFound, PlanNotProposed, PlanOver.
    """
    scope = actor.scope(Permission.ORDER_ASSIGN)
    async with transaction(sessions) as session:
        plan = await store.find_plan(session, plan_id, scope)
        if plan is None:
            raise NotFound
        if plan.state != PlanState.PROPOSED:
            raise PlanNotProposed(state=plan.state)
        rows = await store.lines_of(session, plan_id)
        lines = [line for line, request in rows if request.organisation_no in scope]
        day = day_start(plan.day), day_start(plan.day + timedelta(days=1))
    if day[1] <= now:
        raise PlanOver
    by = _Confirmation(plan_id, day, actor, roads, now, address)
    proposed = [line.request_id for line in lines if line.state == PlanLineState.PROPOSED]
    for request_id in proposed:
        if request_ids is None or request_id in request_ids:
            unit = partial(_confirm_line, sessions, by, request_id)
            try:
                await retried(unit)
            except SharingNotReady:
                continue  # in a minute it is: the line stays proposed
            except DomainError as error:
                await _refuse(sessions, plan_id, request_id, error)


async def _confirm_line(sessions: Sessions, by: _Confirmation, request_id: UUID) -> None:
    async with transaction(sessions) as session:
        line = await store.lock_line(session, by.plan_id, request_id)
        if line is None:
            return
        shared = await store.order_of_group(session, line)
        if shared is None:
            await _require_ahead(session, request_id, by.now)
            order = await _assigned(session, by, line)
        elif shared.organisation_no in by.actor.scope(Permission.ORDER_ASSIGN):
            order = await _joined(session, by, line, shared)
        else:
            return  # whoever dispatches for both may confirm it
        await _require_rest(session, order, by.day)
        line.state, line.order_id = PlanLineState.CONFIRMED, order.id


async def _assigned(session: AsyncSession, by: _Confirmation, line: PlanLine) -> Order:
    """Make an order of a line."""
    vehicle_id = await session.scalar(select(Vehicle.id).where(Vehicle.no == line.vehicle_no))
    driver_id = await session.scalar(select(Driver.id).where(Driver.no == line.driver_no))
    if vehicle_id is None or driver_id is None:
        raise NotFound
    choice = AssignmentIn(
        vehicle_id=vehicle_id, driver_id=driver_id, revision=line.request_revision
    )
    return await booking.assign(session, by.actor, line.request_id, choice, by.now, by.address)


async def _joined(session: AsyncSession, by: _Confirmation, line: PlanLine, order: Order) -> Order:
    """Let a line's request join the order of those with whom it shares."""
    wish = JoinIn(order_id=order.id, revision=line.request_revision, order_revision=order.revision)
    act = Act(by.actor, by.now, by.address)
    return await join(session, act, by.actor, line.request_id, wish, by.roads)


async def _require_ahead(session: AsyncSession, request_id: UUID, now: datetime) -> None:
    """Refuse a ride that should have begun: its plan was made for another hour."""
    request = await session.get_one(Request, request_id)
    if request.period.lower is None or request.period.lower <= now:
        raise PeriodInThePast("The ride of this line should have begun: plan the day again.")


async def _require_rest(
    session: AsyncSession, order: Order, day: tuple[datetime, datetime]
) -> None:
    """Refuse an order just made, whose driver is locked by it. Raises RestTooShort."""
    assert order.driver_no is not None, "a plan binds a driver"
    spans = (await orders_of(session, [order.driver_no], day))[order.driver_no]
    spans.remove(span_of(order.period))
    if not is_rested(day, order.period, spans):
        raise RestTooShort


async def _refuse(sessions: Sessions, plan_id: UUID, request_id: UUID, error: DomainError) -> None:
    async with transaction(sessions) as session:
        line: PlanLine | None = await store.lock_line(session, plan_id, request_id)
        if line is not None:
            line.state, line.sentence = PlanLineState.REFUSED, error.problem_type()
            if isinstance(error, OverrideNeedsReason):
                line.objections = error.objections()
