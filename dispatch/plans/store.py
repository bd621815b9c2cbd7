"""SQL of plans."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.plans.tables import Plan, PlanLine
from dispatch.plans.words import PlanLineState, PlanState
from dispatch.shared_rides.store import JOINABLE
from dispatch.tables import Order, Request
from fleet.lists import Slice, within
from fleet.pages import read_newest
from kit.paging import Page


async def next_asked(session: AsyncSession) -> Plan | None:
    """Return the plan that has waited longest to be made, locked; nobody else takes it."""
    return (
        await session.scalars(
            select(Plan)
            .where(Plan.state == PlanState.ASKED)
            .order_by(Plan.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
    ).one_or_none()


async def replace_older(session: AsyncSession, plan: Plan) -> None:
    """Mark the plans of the same day that this one takes the place of."""
    await session.execute(
        update(Plan)
        .where(
            Plan.organisation_no == plan.organisation_no,
            Plan.day == plan.day,
            Plan.state == PlanState.PROPOSED,
            Plan.id < plan.id,
        )
        .values(state=PlanState.REPLACED)
    )


async def find_plan(session: AsyncSession, plan_id: UUID, scope: frozenset[int]) -> Plan | None:
    """Return a plan of an organisation of the scope."""
    return (
        await session.scalars(
            select(Plan).where(Plan.id == plan_id, within(Plan.organisation_no, scope))
        )
    ).one_or_none()


async def list_plans(
    session: AsyncSession, scope: frozenset[int], day: date | None, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return plans of a scope, the newest first."""
    statement = select(Plan).where(within(Plan.organisation_no, scope))
    if day is not None:
        statement = statement.where(Plan.day == day)
    return await read_newest(session, statement, Plan.id, part)


async def lines_of(session: AsyncSession, plan_id: UUID) -> Sequence[tuple[PlanLine, Request]]:
    """Return the lines of a plan with their requests, the first ride first."""
    rows = await session.execute(
        select(PlanLine, Request)
        .join(Request, Request.id == PlanLine.request_id)
        .where(PlanLine.plan_id == plan_id)
        .order_by(PlanLine.no)
    )
    return [(line, request) for line, request in rows]


async def lock_line(session: AsyncSession, plan_id: UUID, request_id: UUID) -> PlanLine | None:
    """Return a line that is still proposed, locked with all lines that share a vehicle with it.

    Of those who share one is confirmed after the other: each sees whom it may join.
    """
    of_plan = PlanLine.plan_id == plan_id
    own = of_plan & (PlanLine.request_id == request_id)
    group = select(PlanLine.shared_group).where(own).scalar_subquery()
    lines = await session.scalars(
        select(PlanLine)
        .where(own | (of_plan & (PlanLine.shared_group == group)))
        .order_by(PlanLine.no)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = (
        line
        for line in lines
        if line.request_id == request_id and line.state == PlanLineState.PROPOSED
    )
    return next(found, None)


async def order_of_group(session: AsyncSession, line: PlanLine) -> Order | None:
    """Return the order that others have who share with this line, locked; None: none to join."""
    if line.shared_group is None:
        return None
    return (
        await session.scalars(
            select(Order)
            .join(PlanLine, PlanLine.order_id == Order.id)
            .where(
                PlanLine.plan_id == line.plan_id,
                PlanLine.shared_group == line.shared_group,
                PlanLine.no != line.no,
                Order.state.in_(JOINABLE),
            )
            .order_by(PlanLine.no)
            .limit(1)
            .with_for_update(of=Order)
        )
    ).one_or_none()


async def pairs_of(
    session: AsyncSession, lines: Sequence[PlanLine]
) -> dict[int, tuple[int | None, int | None]]:
    """Return vehicle and driver of each line: as proposed, or those that its order has by now."""
    ids = [line.order_id for line in lines if line.order_id]
    rows = await session.execute(
        select(Order.id, Order.vehicle_no, Order.driver_no).where(Order.id.in_(ids))
    )
    has = {id: (vehicle_no, driver_no) for id, vehicle_no, driver_no in rows}
    found = {}
    for line in lines:
        proposed = line.vehicle_no, line.driver_no
        found[line.no] = has.get(line.order_id, proposed) if line.order_id else proposed
    return found
