"""Which orders may be told to somebody where only their ids are at hand."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.parts import sees_order
from dispatch.tables import Order
from fleet.access import Actor
from fleet.promises import tells_orders


async def orders_told(
    session: AsyncSession, actor: Actor, order_ids: Collection[UUID]
) -> set[UUID]:
    """Return those of the orders that exist for the actor."""
    if not order_ids:
        return set()
    seen = select(Order.id).where(Order.id.in_(order_ids), sees_order(actor))
    return set(await session.scalars(seen))


tells_orders(orders_told)
