"""Why two entries of a vehicle can't be merged: what was ordered of them."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from dispatch.orders.states import PROMISED, OrderState
from dispatch.tables import Order
from kit.errors import Conflict


class DroppedHasOrders(Conflict):
    """The vehicle that is to leave still has orders; reassign or cancel them first."""


class BothWereOrdered(Conflict):
    """Both vehicles had orders in the same period, so that they are not one."""


async def refuse_double_orders(session: AsyncSession, keep_no: int, drop_no: int) -> None:
    """Refuse to merge vehicles of which one was ordered while the other was.

    Raises DroppedHasOrders, BothWereOrdered.
    """
    promised = select(Order.id).where(Order.vehicle_no == drop_no, Order.state.in_(PROMISED))
    if await session.scalar(promised.limit(1)) is not None:
        raise DroppedHasOrders
    kept, dropped = aliased(Order), aliased(Order)
    both = (
        select(kept.id)
        .join(dropped, kept.period.op("&&", is_comparison=True)(dropped.period))
        .where(
            kept.vehicle_no == keep_no,
            dropped.vehicle_no == drop_no,
            kept.state != OrderState.CANCELLED,
            dropped.state != OrderState.CANCELLED,
        )
    )
    if await session.scalar(both.limit(1)) is not None:
        raise BothWereOrdered
