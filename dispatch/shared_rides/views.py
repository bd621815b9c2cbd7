"""Shared rides as the API shows them."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.states import PROMISED
from dispatch.orders.store import requests_of_orders
from dispatch.requests.store import orders_of_requests
from dispatch.roads.travel_times import TravelTimes
from dispatch.shared_rides import store
from dispatch.shared_rides.detours import DetourLimit
from dispatch.shared_rides.judging import is_never_shared, limits_of
from dispatch.shared_rides.planning import Call, Fit
from dispatch.shared_rides.schemas import SharedLegOut, SharedPartOut, SharingOut
from dispatch.shared_rides.words import SharingLimit, WhoseLimit, sentence_of
from dispatch.tables import Request

_NEVER = sentence_of(SharingLimit.NEVER_SHARED, WhoseLimit.JOINING)


async def sharing_out(
    session: AsyncSession, request: Request, roads: TravelTimes, now: datetime
) -> SharingOut:
    """Return what a request's passenger agreed to, and their own part; nothing of others."""
    said = (await store.consents_of(session, [request.id])).get(request.id)
    limit = (await limits_of(session, [request], now))[request.id]
    order = (await orders_of_requests(session, [request.id])).get(request.id)
    legs: list[SharedLegOut] = []
    if order is not None and order.state in PROMISED:
        served = [one for _, one in await requests_of_orders(session, [order.id])]
        calls = await store.calls_of(session, order.id)
        if len(served) > 1 and calls:
            legs = await own_legs(calls, served, request, limit, roads)
    never = await is_never_shared(session, request)
    return SharingOut(
        request_id=request.id,
        agreed=request.may_share and not never,
        never_shared=_NEVER if never else None,
        detour_percent=limit.percent,
        detour_s=limit.seconds,
        said_at=said.at if said else None,
        legs=legs,
    )


async def own_legs(
    calls: Sequence[Call],
    served: Sequence[Request],
    request: Request,
    limit: DetourLimit,
    roads: TravelTimes,
) -> list[SharedLegOut]:
    """Return the ways of one request in a plan of calls, by the roads as it was planned.

    served: all who ride in the order
    """
    begins = min(one.period.lower for one in served if one.period.lower)
    ends = [
        (request.origin_latitude, request.origin_longitude),
        (request.destination_latitude, request.destination_longitude),
    ]
    seconds, _ = await asyncio.to_thread(lambda: roads.at(begins).matrix(ends, ends))
    found = []
    for is_return in (False, True):
        own = [c for c in calls if c.request_id == request.id and c.is_return == is_return]
        if own:
            direct_s = float(seconds[1, 0] if is_return else seconds[0, 1])
            found.append(leg_out(own, is_return, direct_s, limit.of(direct_s)))
    return found


def leg_out(
    own: Sequence[Call], is_return: bool, direct_s: float, greatest_s: float
) -> SharedLegOut:
    """Return one way by its pick-up and its set-down; whole seconds."""
    up = next(call.at for call in own if call.is_pick_up)
    down = next(call.at for call in own if not call.is_pick_up)
    return SharedLegOut(
        is_return=is_return,
        pick_up_at=store.instant(up),
        set_down_at=store.instant(down),
        detour_s=max(0, round(down - up - direct_s)),
        greatest_detour_s=round(greatest_s),
    )


def parts_out(
    found: Fit, joining: Request, others: Sequence[Request], readable: frozenset[int]
) -> list[SharedPartOut]:
    """Return what everybody in the order would get whose requests the actor may read."""
    shown = [joining, *(one for one in others if one.organisation_no in readable)]
    return [
        SharedPartOut(
            request_id=one.id,
            joining=one is joining,
            passengers=one.passengers,
            legs=[
                leg_out(
                    [
                        c
                        for c in found.calls
                        if c.request_id == one.id and c.is_return == leg.is_return
                    ],
                    leg.is_return,
                    leg.direct_s,
                    leg.ride_max_s - leg.direct_s,
                )
                for leg in found.legs
                if leg.request_id == one.id
            ],
        )
        for one in shown
    ]
