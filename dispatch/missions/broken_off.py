"""A mission's ride that broke off on the road: it is missed until its hours are over."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.missions.named import who
from dispatch.missions.tables import MissionRide
from dispatch.orders.states import OrderAction, OrderState
from dispatch.orders.steps import Step, Tap, move_request
from dispatch.orders.store import last_step
from dispatch.orders.stranded import meet_where_it_stands
from dispatch.requests.states import RequestState
from dispatch.tables import Order, Request
from fleet.acts import Act


def is_missed(ride: MissionRide, request: Request | None, now: datetime) -> bool:
    """Whether a ride broke off, and somebody still waits for another vehicle."""
    broke_off = request is not None and request.state == RequestState.INTERRUPTED
    return broke_off and not ride.standby and (ride.period.upper or now) > now


async def await_again(
    session: AsyncSession, act: Act, request: Request, order: Order | None, action: str
) -> None:
    """Let a locked request that broke off await a vehicle, at the place where its order did."""
    if order is None or request.state != RequestState.INTERRUPTED:
        return
    broke = await last_step(session, order.id)
    tap = Tap(latitude=broke.latitude, longitude=broke.longitude)
    step = Step(OrderAction(broke.action), OrderState.INTERRUPTED, tap, broke.tapped_at, act.now)
    came_from = OrderState(broke.from_state)
    await meet_where_it_stands(session, order, [request], came_from, step)
    awaiting = RequestState.AWAITING_DISPATCH
    move_request(session, request, action, awaiting, who(act), act.now, act.reason)
    await session.flush()
