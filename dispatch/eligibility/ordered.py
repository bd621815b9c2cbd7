"""SQL of how far vehicles are ordered to drive on a day, for their batteries."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.ride_length import ride_metres, way_m
from dispatch.orders.states import OrderState
from dispatch.orders.store import requests_of_orders
from dispatch.requests.way import way_places, waypoints_of
from dispatch.shared_rides.places import call_at
from dispatch.shared_rides.store import calls_of_orders
from dispatch.tables import Order, OrderRequest, Request
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
    rows = (
        await session.execute(
            select(
                Order.vehicle_no,
                Order.id,
                Request.origin_latitude,
                Request.origin_longitude,
                Request.destination_latitude,
                Request.destination_longitude,
                Request.round_trip,
                Request.waypoints,
            )
            .join(OrderRequest, OrderRequest.order_id == Order.id)
            .join(Request, Request.id == OrderRequest.request_id)
            .where(
                within(Order.vehicle_no, nos),
                Order.state != OrderState.CANCELLED,
                Order.period.overlaps(day),
                Order.id.is_distinct_from(apart_from),
            )
        )
    ).all()
    riders = Counter(row.id for row in rows)
    alone = [row for row in rows if riders[row.id] == 1]
    ordered: defaultdict[int, int] = defaultdict(int)
    told = np.array([tuple(row)[2:7] for row in alone], dtype=np.float64).reshape(-1, 5)
    for row, metres in zip(alone, ride_metres(told).tolist(), strict=True):
        ordered[row.vehicle_no] += _by_waypoints_m(row) if row.waypoints else round(metres)
    shared = {row.id: row.vehicle_no for row in rows if riders[row.id] > 1}
    for order_id, metres in (await _shared_m(session, shared)).items():
        ordered[shared[order_id]] += metres
    return ordered


def _by_waypoints_m(row: Row[*tuple[Any, ...]]) -> int:
    origin, destination = tuple(row)[2:4], tuple(row)[4:6]
    by = waypoints_of(row.waypoints)
    return way_m(way_places(origin, by, destination, round_trip=row.round_trip))


async def _shared_m(session: AsyncSession, order_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how far shared orders drive from call to call."""
    if not order_ids:
        return {}
    riders = {one.id: one for _, one in await requests_of_orders(session, list(order_ids))}
    return {
        order_id: way_m([call_at(c, riders[c.request_id]) for c in calls if c.request_id in riders])
        for order_id, calls in (await calls_of_orders(session, order_ids)).items()
    }
