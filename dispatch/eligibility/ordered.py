"""SQL of how far vehicles are ordered to drive on a day, for their batteries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.ride_length import way_m
from dispatch.orders.states import OrderState
from dispatch.requests.way import places_of
from dispatch.shared_rides.places import call_at
from dispatch.shared_rides.store import calls_of_orders
from dispatch.tables import Order, OrderRequest, OrderWaypoint, Request
from fleet.lists import within


async def ordered_m(
    session: AsyncSession,
    nos: Iterable[int],
    day: Range[datetime],
    apart_from: UUID | None = None,
) -> defaultdict[int, int]:
    """Return how many metres vehicles are ordered for in a day, estimated as rides are.

    A shared order drives by its calls, once for all who ride.
    apart_from: an order that counts for nothing, because it is being changed
    """
    rows = await session.execute(
        select(Order.id, Order.vehicle_no, Request)
        .join(OrderRequest, OrderRequest.order_id == Order.id)
        .join(Request, Request.id == OrderRequest.request_id)
        .where(
            within(Order.vehicle_no, nos),
            Order.state != OrderState.CANCELLED,
            Order.period.overlaps(day),
            Order.id.is_distinct_from(apart_from),
        )
    )
    riders: defaultdict[tuple[UUID, int], dict[UUID, Request]] = defaultdict(dict)
    for order_id, no, request in rows:
        if no is not None:
            riders[order_id, no][request.id] = request
    shared = [order_id for (order_id, _), served in riders.items() if len(served) > 1]
    calls = await calls_of_orders(session, shared) if shared else {}
    ordered: defaultdict[int, int] = defaultdict(int)
    for (order_id, no), served in riders.items():
        ordered[no] += _way_m(served, calls.get(order_id, ()))
    return ordered


def _way_m(served: Mapping[UUID, Request], calls: Sequence[OrderWaypoint]) -> int:
    made = [call_at(call, served[call.request_id]) for call in calls if call.request_id in served]
    return way_m(made) if made else sum(way_m(places_of(request)) for request in served.values())
