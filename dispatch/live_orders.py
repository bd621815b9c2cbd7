"""Which vehicle is on which order now, for the live map."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders import OrderState
from dispatch.tables import Order

_ON_THE_ROAD = (OrderState.DEPARTED, OrderState.ARRIVED, OrderState.RETURNING)


@dataclass(frozen=True, slots=True)
class LiveOrderRow:
    """The order that a vehicle is on."""

    id: UUID
    state: str


async def read_live_orders(session: AsyncSession) -> dict[int, LiveOrderRow]:
    """Return vehicle number → the order that it is driving for now."""
    rows = await session.execute(
        select(Order.vehicle_no, Order.id, Order.state).where(
            Order.state.in_(_ON_THE_ROAD), Order.vehicle_no.is_not(None)
        )
    )
    return {no: LiveOrderRow(order_id, state) for no, order_id, state in rows.tuples() if no}
