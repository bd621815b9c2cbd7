"""Reads who rides in an order and within which limits, and judges whether another may join."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.promise_store import (
    FirstTold,
    first_told,
    promised_pickups,
    suggested_arrival,
)
from dispatch.orders.store import ids_of_pair, requests_of_orders
from dispatch.roads.travel_times import TravelTimes
from dispatch.shared_rides import store
from dispatch.shared_rides.detours import DetourLimit, limit_of
from dispatch.shared_rides.kernel import require_ready
from dispatch.shared_rides.legs import Ride
from dispatch.shared_rides.permitted import never_shares
from dispatch.shared_rides.planning import Asked, Fit, Misfit, plan
from dispatch.shared_rides.words import SharingLimit, WhoseLimit
from dispatch.tables import Order, Request
from fleet.rules import RuleKey, effective


@dataclass(frozen=True, slots=True)
class Judged:
    """An order, the requests that it serves already, and what came of asking it."""

    order: Order
    served: Sequence[Request]
    found: Fit | Misfit


async def judge(
    session: AsyncSession,
    order: Order,
    joining: Request,
    roads: TravelTimes,
    now: datetime,
) -> Judged:
    """Return whether an order could serve another request too, everybody within their limits.

    Raises SharingNotReady.
    """
    require_ready()
    served = [request for _, request in await requests_of_orders(session, [order.id])]
    assert order.vehicle_no is not None, "only orders with a vehicle are asked"
    vehicle = await store.vehicle_of(session, order.vehicle_no, now)
    barred = await _barred(session, joining, served, vehicle.category)
    if barred is not None:
        return Judged(order, served, barred)
    asked = await asked_of(session, order, served, vehicle, now)
    (ride,) = await rides_of(session, [joining], now)
    # Shortest paths and insertion take the processor for a while: others go on meanwhile.
    found = await asyncio.to_thread(plan, asked, ride, roads, now)
    return Judged(order, served, found)


async def asked_of(
    session: AsyncSession,
    order: Order,
    served: Sequence[Request],
    vehicle: store.SharedVehicle,
    now: datetime,
) -> Asked:
    """Return an order as the plan of its calls sees it."""
    aboard = tuple(await rides_of(session, served, now))
    return Asked(
        aboard=aboard,
        calls=await store.calls_of(session, order.id),
        seats=vehicle.seats - 1,  # 核定载客 counts the driver
        base=vehicle.base,
        arrives_at=await _arrives_at(session, order, aboard, now),
    )


async def _arrives_at(
    session: AsyncSession, order: Order, aboard: Sequence[Ride], now: datetime
) -> datetime | None:
    """Return when the vehicle can be with whoever is picked up first, as was suggested just now.

    None: nobody knows.
    """
    told = {one.promised_at: one.request_id for one in aboard if one.promised_at is not None}
    vehicle_id, _ = await ids_of_pair(session, order)
    if not told or vehicle_id is None:
        return None
    arrival = await suggested_arrival(session, told[min(told)], vehicle_id, None, now)
    return now + timedelta(seconds=arrival.seconds) if arrival else None


async def rides_of(session: AsyncSession, requests: Sequence[Request], now: datetime) -> list[Ride]:
    """Return what these requests ask of a vehicle that they share."""
    ids = [request.id for request in requests]
    told = await promised_pickups(session, ids)
    first = await first_told(session, ids)
    limits = await limits_of(session, requests, now)
    return [_ride(one, limits[one.id], told.get(one.id), first.get(one.id)) for one in requests]


async def limits_of(
    session: AsyncSession, requests: Sequence[Request], now: datetime
) -> dict[UUID, DetourLimit]:
    """Return the greatest detour of each request, by its id."""
    said = await store.consents_of(session, [request.id for request in requests])
    found = {}
    for request in requests:
        one = said.get(request.id)
        percent, seconds = (one.detour_percent, one.detour_s) if one else (None, None)
        rule = await effective(session, RuleKey.SHARING_DETOUR, request.organisation_no, now)
        found[request.id] = limit_of(percent, seconds, rule.value)
    return found


async def is_never_shared(session: AsyncSession, request: Request) -> bool:
    """Whether a request never shares, by what it is, or because its way by waypoints is its own."""
    if request.waypoints:
        return True
    missions = await store.of_missions(session, [request.id])
    return never_shares(
        request.purpose, request.category, None, is_of_mission=request.id in missions
    )


async def _barred(
    session: AsyncSession, joining: Request, served: Sequence[Request], vehicle_category: str
) -> Misfit | None:
    """Return what keeps them apart before any time is looked at."""
    missions = await store.of_missions(session, [joining.id, *(one.id for one in served)])
    for request in (joining, *served):
        whose = WhoseLimit.JOINING if request is joining else WhoseLimit.ABOARD
        of_mission = request.id in missions
        category = request.category
        if never_shares(request.purpose, category, None, is_of_mission=of_mission):
            return Misfit(SharingLimit.NEVER_SHARED, whose, request.id)
        if not request.may_share:
            return Misfit(SharingLimit.CONSENT, whose, request.id)
        if never_shares(request.purpose, category, vehicle_category, is_of_mission=of_mission):
            return Misfit(SharingLimit.NEVER_SHARED, WhoseLimit.VEHICLE)
    return None


def _ride(
    request: Request, limit: DetourLimit, told: datetime | None, first: FirstTold | None
) -> Ride:
    start, end = request.period.lower, request.period.upper
    assert start is not None
    assert end is not None
    return Ride(
        request_id=request.id,
        passengers=request.passengers,
        origin=request.pickup,
        destination=(request.destination_latitude, request.destination_longitude),
        start=start,
        end=end,
        is_round_trip=request.round_trip,
        limit=limit,
        promised_at=told,
        told_at=first.at if first else None,
        put_off_s=max(0.0, (told - first.pickup_at).total_seconds()) if told and first else 0.0,
    )
