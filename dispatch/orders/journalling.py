"""What the journal keeps of an order: where it and its requests stand, and what riders were told.

Every step of an order is one entry, with the facts before it and after it. A request that moves
with its order stands in the order's entry; what somebody does to the request itself has an entry of
its own beside it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.promise_store import promised_pickups
from dispatch.orders.states import OrderState
from dispatch.orders.store import requests_of_orders
from dispatch.requests.states import RequestState
from dispatch.tables import Order, Request
from fleet.acts import Act

Facts = Mapping[str, object]


async def standing_of(session: AsyncSession, order: Order) -> Facts:
    """Return the state of an order, and state and promise of each request that it serves."""
    served = [request for _, request in await requests_of_orders(session, [order.id])]
    return standing(order.state, served, await _promised(session, served))


async def _promised(session: AsyncSession, served: Sequence[Request]) -> Mapping[UUID, datetime]:
    return await promised_pickups(session, [request.id for request in served])


def standing(
    state: OrderState | RequestState | str,
    served: Sequence[Request],
    told: Mapping[UUID, datetime],
) -> Facts:
    """Return where an order and the requests that it serves stand, by what riders were told."""
    return {
        "state": str(state),
        "requests": [
            {
                "id": str(request.id),
                "state": str(request.state),
                "promised_pickup_at": told[request.id].isoformat() if request.id in told else None,
                **({"pickup": request.pickup} if request.pickup_name else {}),
            }
            for request in served
        ],
    }


def record_step(
    session: AsyncSession,
    act: Act,
    order: Order,
    action: str,
    before: Facts,
    after: Facts,
    unit_no: int | None = None,
) -> None:
    """Add the entry of a step that an order has taken; unit_no: whose it is, if not the order's."""
    act.record(
        session,
        action,
        "order",
        order.id,
        organisation_no=order.organisation_no if unit_no is None else unit_no,
        before=before,
        after=after,
    )
