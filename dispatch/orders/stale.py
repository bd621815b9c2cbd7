"""An action on an order from a stale page is refused with what changed since, as far as seen."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import StaleRevision
from dispatch.orders.concerned import seen_in
from dispatch.requests.stale import Change, count_of, stale
from dispatch.tables import Order, OrderStep
from fleet.access import Actor


async def stale_order(
    session: AsyncSession, actor: Actor, order: Order, known: int
) -> StaleRevision:
    """Return what to answer to somebody who has read revision `known` of an order.

    Who joined and left, and why, is told only to whoever sees all who ride.
    """
    steps = await session.scalars(
        select(OrderStep)
        .where(OrderStep.order_id == order.id)
        .order_by(OrderStep.no.desc())
        .limit(count_of(order.revision, known))
    )
    seen = await seen_in(session, actor, order)
    newest_first = [Change(step, step.tapped_at, seen.hides(step)) for step in steps]
    return await stale(session, order.revision, order.state, newest_first)
