"""Which orders could take a request along: the step “sharing” in the order of use (合乘)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.missions.named import open_order
from dispatch.parts import sees_request
from dispatch.refs import load_refs
from dispatch.requests.store import find_request
from dispatch.roads.travel_times import TravelTimes
from dispatch.schemas import PeriodOut
from dispatch.shared_rides import store
from dispatch.shared_rides.judging import Judged, judge, limits_of
from dispatch.shared_rides.planning import Fit
from dispatch.shared_rides.schemas import NotSharedOut, SharedRideList, SharedRideOut
from dispatch.shared_rides.views import parts_out
from dispatch.shared_rides.words import sentence_of
from dispatch.tables import Order, Request
from fleet.access import Actor
from fleet.permissions import Permission
from kit.errors import NotFound

MOST = 30
"""How many orders around the time are looked at."""


async def shared_rides(
    session: AsyncSession, actor: Actor, request_id: UUID, roads: TravelTimes, now: datetime
) -> SharedRideList:
    """Return the orders that could take a request along, those that add least first.

    Seats, times, detours and promises are judged; the rules of vehicle and driver when it joins.
    Raises NotFound, SharingNotReady.
    """
    request = await find_request(session, request_id, sees_request(actor))
    scope = actor.scope(Permission.ORDER_ASSIGN)
    if request is None or request.organisation_no not in scope:
        raise NotFound
    seen = [Order.organisation_no.in_(scope), open_order(actor)]
    orders = await store.orders_around(
        session, await _around(session, request, now), seen, now, MOST + 1
    )
    judged = [await judge(session, order, request, roads, now) for order in orders[:MOST]]
    refs = await load_refs(session, vehicles=[order.vehicle_no for order in orders])
    readable = actor.scope(Permission.REQUEST_READ)
    items: list[SharedRideOut] = []
    for one in judged:
        no = one.order.vehicle_no
        if isinstance(one.found, Fit) and no is not None:
            vehicle = await store.vehicle_of(session, no, now)
            taken = sum(r.passengers for r in one.served) + request.passengers
            items.append(
                SharedRideOut(
                    order_id=one.order.id,
                    revision=one.order.revision,
                    vehicle=refs.vehicles[no],
                    period=PeriodOut.model_validate(
                        {"start": one.order.period.lower, "end": one.order.period.upper}
                    ),
                    added_s=max(0, round(one.found.added_s)),
                    seats_left=vehicle.seats - 1 - taken,
                    parts=parts_out(one.found, request, one.served, readable),
                )
            )
    items.sort(key=lambda item: (item.added_s, item.order_id))
    return SharedRideList(
        items=items,
        left_out=[out for one in judged if (out := _left_out(one)) is not None],
        travel_times=roads.label.value,
        truncated=len(orders) > MOST,
    )


async def _around(session: AsyncSession, request: Request, now: datetime) -> Range[datetime]:
    """Return the time in which the request's passengers might be driven."""
    start, end = request.period.lower, request.period.upper
    assert start is not None
    assert end is not None
    greatest = timedelta(seconds=(await limits_of(session, [request], now))[request.id].seconds)
    return Range(start - greatest, end + greatest, bounds="[)")


def _left_out(judged: Judged) -> NotSharedOut | None:
    if isinstance(judged.found, Fit):
        return None
    limit, whose = judged.found.limit, judged.found.whose
    return NotSharedOut(
        order_id=judged.order.id, limit=limit, whose=whose, sentence=sentence_of(limit, whose)
    )
