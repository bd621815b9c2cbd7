"""A request moves on with what hangs on it: its order, what it was promised, and the journal."""

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity.following import follow_decision, release_kept
from dispatch.orders.cancelling import cancel_order
from dispatch.orders.steps import move_request
from dispatch.requests.states import RequestAction, RequestState
from dispatch.roads.travel_times import TravelTimes
from dispatch.shared_rides.leaving import leave, shares
from dispatch.tables import Order, Request
from fleet.acts import Act


async def move_on(
    session: AsyncSession,
    act: Act,
    request: Request,
    order: Order | None,
    action: RequestAction,
    to: RequestState,
    roads: TravelTimes | None,
) -> None:
    """Move a locked request to a state that is legal for whoever acts.

    order: the one to cancel with it, locked before the request; where it serves others as well only
    the request is taken from it, and the rest planned anew by these roads
    """
    assert act.actor is not None, "a request is moved on by somebody"
    before = request.state
    if action is RequestAction.APPROVE:
        # What is approved is what it asks for now, whatever was before it was sent back.
        request.approved_s = None
    if order is None:
        move_request(session, request, action, to, act.actor, act.now, act.reason)
        await follow_decision(session, act.actor, request, act.now, act.reason)
    elif await shares(session, order):
        await leave(session, act, act.actor, order, request.id, to, action, roads)
    else:
        await cancel_order(session, act.actor, order, act)
    if order is not None:
        await release_kept(session, act, request)
    act.record(
        session,
        f"request.{action}",
        "request",
        request.id,
        organisation_no=request.organisation_no,
        before={"state": before},
        after={"state": str(to)},
    )
