"""Which vehicle is on which order now, for the live map."""

from collections.abc import Sequence

from sqlalchemy import case, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.states import OrderState
from dispatch.tables import MissionRide, Order, OrderRequest
from fleet.lists import within
from tracking.live.fleet import OnOrder

_ON_THE_ROAD = (OrderState.DEPARTED, OrderState.ARRIVED, OrderState.RETURNING)


async def read_live_orders(session: AsyncSession, nos: Sequence[int]) -> dict[int, OnOrder]:
    """Return vehicle number → the order that it is driving for now, for these vehicles.

    Orders of missions aren't named, only that the vehicle is on one: for most who watch the map
    they don't exist, and those who run them have the board of arrivals.
    """
    of_a_mission = exists().where(
        OrderRequest.order_id == Order.id, MissionRide.request_id == OrderRequest.request_id
    )
    named = case((of_a_mission, None), else_=Order.id)
    rows = await session.execute(
        select(Order.vehicle_no, named, Order.state)
        .where(Order.state.in_(_ON_THE_ROAD), within(Order.vehicle_no, nos))
        .order_by(Order.departed_at)
    )
    return {no: OnOrder(order_id, state) for no, order_id, state in rows if no}
