"""What a mobilisation's signature still covers: rides that are ordered anew while it is in force.

A request that was made under it needed no approval, and breaks seals, for as long as it lasts. Who
has departed by its end is driven on, by another vehicle too where theirs breaks down.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from dispatch.mobilisation.errors import MobilisationEnded
from dispatch.mobilisation.tables import Mobilisation, MobilisationOrder
from dispatch.tables import Order, OrderRequest


async def require_in_force(session: AsyncSession, request_ids: Collection[UUID]) -> None:
    """Refuse to order anew what was ordered under a mobilisation that is signed off.

    Raises MobilisationEnded.
    """
    on_the_way = aliased(OrderRequest)
    departed = exists().where(
        on_the_way.request_id == OrderRequest.request_id,
        Order.id == on_the_way.order_id,
        Order.departed_at.is_not(None),
    )
    # Whoever signs off meanwhile waits.
    found = await session.scalars(
        select(Mobilisation)
        .join(MobilisationOrder, MobilisationOrder.mobilisation_no == Mobilisation.no)
        .join(OrderRequest, OrderRequest.order_id == MobilisationOrder.order_id)
        .where(OrderRequest.request_id.in_(request_ids), ~departed)
        .with_for_update(read=True, of=Mobilisation)
        .execution_options(populate_existing=True)
    )
    if any(one.ended_at is not None for one in found):
        raise MobilisationEnded


async def follow(session: AsyncSession, request_id: UUID, order_id: UUID, now: datetime) -> None:
    """Write that an order is made under the mobilisation of its request's first one, if any."""
    under = await session.scalar(
        select(MobilisationOrder.mobilisation_no)
        .join(OrderRequest, OrderRequest.order_id == MobilisationOrder.order_id)
        .where(OrderRequest.request_id == request_id)
        .limit(1)
    )
    if under is not None:
        session.add(MobilisationOrder(order_id=order_id, mobilisation_no=under, entered_at=now))
