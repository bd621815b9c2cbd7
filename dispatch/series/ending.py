"""The rest of a series is called off: what awaits a vehicle, and what has one that isn't out."""

from uuid import UUID

from sqlalchemy import true
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.states import OrderState
from dispatch.orders.store import lock_order
from dispatch.requests.moving import move_on
from dispatch.requests.states import RequestAction, RequestState
from dispatch.requests.store import lock_request, order_id_of, orders_of_requests
from dispatch.roads.travel_times import TravelTimes
from dispatch.series import store
from dispatch.series.tables import RequestSeries
from dispatch.tables import Order
from fleet.acts import Act

_S, _A = RequestState, RequestAction
_STANDING = frozenset({OrderState.ASSIGNED, OrderState.ACCEPTED})
_OPEN = frozenset({_S.DRAFT, _S.UNIT_REVIEW, _S.SENT_BACK, _S.AWAITING_DISPATCH})


async def end_rest(
    session: AsyncSession, act: Act, series: RequestSeries, roads: TravelTimes | None
) -> list[str]:
    """Withdraw or cancel the rides of a locked series that begin later; return their requests.

    Whoever asked withdraws what has no vehicle yet, a dispatcher cancels it. Orders are locked
    before requests, as everywhere.
    """
    assert act.actor is not None, "a series is ended by somebody"
    ids = await store.rides_to_come(session, series.id, act.now)
    orders = await _locked(session, ids)
    by_applicant = act.actor.person_no == series.applicant_no
    ended = []
    for id in ids:
        request = await lock_request(session, id, true())
        if request is None:
            continue
        if request.state in _STANDING:
            order = orders.get(id) or await _order_of(session, id)
            await move_on(session, act, request, order, _A.CANCEL, _S.CANCELLED, roads)
        elif request.state in _OPEN:
            action, to = (_A.WITHDRAW, _S.WITHDRAWN) if by_applicant else (_A.CANCEL, _S.CANCELLED)
            await move_on(session, act, request, None, action, to, roads)
        else:
            continue
        ended.append(str(id))
    return ended


async def _locked(session: AsyncSession, ids: list[UUID]) -> dict[UUID, Order]:
    """Return the standing orders of these requests, locked in id order."""
    found = await orders_of_requests(session, ids)
    locked = {}
    for id in sorted({order.id for order in found.values() if order.state in _STANDING}):
        order = await lock_order(session, id, true())
        if order is not None:
            locked[id] = order
    return {id: locked[order.id] for id, order in found.items() if order.id in locked}


async def _order_of(session: AsyncSession, request_id: UUID) -> Order | None:
    """Return the order that was made of a request since, locked."""
    order_id = await order_id_of(session, request_id)
    return None if order_id is None else await lock_order(session, order_id, true())
