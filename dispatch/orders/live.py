"""Which vehicle is on which order now, for the live map."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.states import OrderState
from dispatch.tables import Order
from fleet.lists import within
from tracking.live.fleet import OnOrder

_ON_THE_ROAD = (OrderState.DEPARTED, OrderState.ARRIVED, OrderState.RETURNING)


async def read_live_orders(session: AsyncSession, nos: Sequence[int]) -> dict[int, OnOrder]:
    """Return vehicle number → the order that it is driving for now, for these vehicles."""
    rows = await session.execute(
        select(Order.vehicle_no, Order.id, Order.state)
        .where(Order.state.in_(_ON_THE_ROAD), within(Order.vehicle_no, nos))
        .order_by(Order.departed_at)
    )
    return {no: OnOrder(order_id, state) for no, order_id, state in rows if no}
