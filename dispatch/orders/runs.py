"""Who drove which vehicle on an order, and when: the parts of an order between swaps.

An order that has seen no swap is one run: its vehicle and driver, from departure to return. Each
swap on the road ends a run, which is kept (`order_run`), and the order's own columns hold the next
one. So every instant on the road belongs to one vehicle and one driver.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Subquery, func, select, union_all
from sqlalchemy.dialects.postgresql import Range, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import OdometerBackwards
from dispatch.orders.states import BREAKS_OFF, OUT, OrderAction
from dispatch.tables import Order, OrderRun, OrderStep


@dataclass(frozen=True, slots=True)
class Run:
    """A part of an order [start, end); `end` is None while it is driven."""

    vehicle_no: int | None
    driver_no: int | None
    start: datetime
    end: datetime | None
    odometer_out_m: int | None
    odometer_in_m: int | None


def driven_parts() -> Subquery:
    """Return what was driven on orders, a row for each run.

    Columns: order_id, vehicle_no, driver_no, since, until (None while it is driven).
    """
    broken_off_at = (
        select(func.max(OrderStep.tapped_at))
        .where(OrderStep.order_id == Order.id, OrderStep.action.in_(BREAKS_OFF))
        .scalar_subquery()
    )
    swapped_at = (
        select(func.max(func.upper(OrderRun.period)))
        .where(OrderRun.order_id == Order.id)
        .scalar_subquery()
    )
    newest = select(
        Order.id.label("order_id"),
        Order.vehicle_no,
        Order.driver_no,
        func.coalesce(swapped_at, Order.departed_at).label("since"),
        func.coalesce(Order.returned_at, broken_off_at).label("until"),
    ).where(Order.departed_at.is_not(None))
    earlier = select(
        OrderRun.order_id,
        OrderRun.vehicle_no,
        OrderRun.driver_no,
        func.lower(OrderRun.period),
        func.upper(OrderRun.period),
    )
    return union_all(newest, earlier).subquery("driven_part")


async def runs_of_orders(session: AsyncSession, orders: Sequence[Order]) -> dict[UUID, list[Run]]:
    """Return the runs of each of these orders that has departed, the earliest first."""
    ids = [order.id for order in orders]
    earlier: dict[UUID, list[OrderRun]] = defaultdict(list)
    rows = select(OrderRun).where(OrderRun.order_id.in_(ids)).order_by(OrderRun.no)
    for row in await session.scalars(rows):
        earlier[row.order_id].append(row)
    parts = driven_parts()
    newest = {
        row.order_id: row
        for row in await session.execute(
            select(parts).where(parts.c.order_id.in_(ids)).order_by(parts.c.since)
        )
    }
    taken_over = await _taken_over(session, ids)
    found: dict[UUID, list[Run]] = {}
    for order in orders:
        if order.id in newest:
            start, end = newest[order.id].since, newest[order.id].until
            out_m = taken_over.get(order.id, order.odometer_out_m)
            found[order.id] = [
                *(_ended(run) for run in earlier[order.id]),
                Run(order.vehicle_no, order.driver_no, start, end, out_m, order.odometer_in_m),
            ]
    return found


async def odometer_at_start(session: AsyncSession, order: Order) -> int | None:
    """Return what the odometer of an order's vehicle read when it took over, None if unread."""
    taken_over = await _taken_over(session, [order.id])
    return taken_over.get(order.id, order.odometer_out_m)


async def _taken_over(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, int | None]:
    """Return what the vehicle that took over last read, of orders that were swapped on the road."""
    rows = await session.execute(
        select(OrderStep.order_id, OrderStep.odometer_m)
        .where(
            OrderStep.order_id.in_(ids),
            OrderStep.action == OrderAction.SWAP_VEHICLE,
            OrderStep.from_state.in_(OUT),
        )
        .ext(distinct_on(OrderStep.order_id))
        .order_by(OrderStep.order_id, OrderStep.no.desc())
    )
    return {row.order_id: row.odometer_m for row in rows}


async def end_run(
    session: AsyncSession, order: Order, at: datetime, odometer_in_m: int | None
) -> datetime | None:
    """Keep what the present vehicle and driver of a locked order have driven until `at`.

    Return when they began; None when they have driven nothing: the order has not departed, or
    they took over at that very instant. Raises OdometerBackwards.
    """
    if order.departed_at is None:
        return None
    odometer_out_m = await odometer_at_start(session, order)
    if odometer_in_m is not None and odometer_out_m is not None and odometer_in_m < odometer_out_m:
        raise OdometerBackwards(odometer_out_m=odometer_out_m, odometer_m=odometer_in_m)
    swapped_at = await session.scalar(
        select(func.max(func.upper(OrderRun.period))).where(OrderRun.order_id == order.id)
    )
    since: datetime = swapped_at or order.departed_at
    if since >= at:
        return None
    session.add(
        OrderRun(
            order_id=order.id,
            vehicle_no=order.vehicle_no,
            driver_no=order.driver_no,
            period=Range(since, at, bounds="[)"),
            odometer_out_m=odometer_out_m,
            odometer_in_m=odometer_in_m,
        )
    )
    return since


def _ended(run: OrderRun) -> Run:
    assert run.period.lower is not None
    return Run(
        run.vehicle_no,
        run.driver_no,
        run.period.lower,
        run.period.upper,
        run.odometer_out_m,
        run.odometer_in_m,
    )
