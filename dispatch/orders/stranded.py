"""Passengers whose vehicle broke down are met where it stands, not where they were met before."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.states import OrderState
from dispatch.orders.steps import Step
from dispatch.roads.network import LatLon
from dispatch.sightings import Near, has_been, newest_seen
from dispatch.tables import Order, Request
from tracking.geo import distance_m

SAME_PLACE_M = 150.0
"""So near to where they were met before, they are met there again."""
FRESH = timedelta(minutes=10)
"""A vehicle last seen longer before it broke down may stand anywhere."""
_WHERE_IT_STANDS = "原车停驶处"


async def meet_where_it_stands(
    session: AsyncSession,
    order: Order,
    served: Sequence[Request],
    came_from: OrderState,
    step: Step,
) -> None:
    """Have the next vehicle come to where this one stands, for those locked requests in it.

    The tap's own place counts, or else where the terminal was seen last; where neither tells, the
    pick-up stays as it was. came_from: the order's state before it broke off
    """
    if order.vehicle_no is None or order.departed_at is None:
        return
    stands = await _stands(session, order.vehicle_no, step)
    if stands is None:
        return
    for request in served:
        is_elsewhere = distance_m(*request.pickup, *stands) > SAME_PLACE_M
        alone = len(served) == 1 and came_from is OrderState.ARRIVED
        if is_elsewhere and (alone or await _picked_up(session, order, request, step)):
            request.pickup_name = _WHERE_IT_STANDS
            request.pickup_latitude, request.pickup_longitude = stands


async def _stands(session: AsyncSession, vehicle_no: int, step: Step) -> LatLon | None:
    tap = step.tap
    if tap.latitude is not None and tap.longitude is not None:
        return tap.latitude, tap.longitude
    sight = await newest_seen(session, vehicle_no, step.at - FRESH, step.at)
    return sight.at if sight else None


async def _picked_up(session: AsyncSession, order: Order, request: Request, step: Step) -> bool:
    """Return whether the vehicle was where the request's passengers waited."""
    assert order.vehicle_no is not None
    assert order.departed_at is not None
    near = Near(request.pickup, SAME_PLACE_M)
    return await has_been(session, order.vehicle_no, near, order.departed_at, step.at)
