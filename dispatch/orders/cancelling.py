"""Use case: an order is cancelled because a request that it serves is."""

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.journalling import record_step, standing_of
from dispatch.orders.states import OrderAction, OrderState
from dispatch.orders.steps import Step, Tap, move_order
from dispatch.tables import Order
from fleet.access import Actor
from fleet.acts import Act


async def cancel_order(session: AsyncSession, actor: Actor, order: Order, act: Act) -> None:
    """Cancel a locked order with all requests that it serves; its slip becomes void."""
    before = await standing_of(session, order)
    step = Step(OrderAction.CANCEL, OrderState.CANCELLED, Tap(reason=act.reason), act.now, act.now)
    await move_order(session, order, step, actor)
    await session.flush()
    after = await standing_of(session, order)
    record_step(session, act, order, f"order.{step.action}", before, after)
