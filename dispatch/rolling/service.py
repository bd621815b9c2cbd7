"""Warns a dispatcher of orders that will be late, before they are.

Nothing is stored: what is asked is answered from the live positions, the plan and the roads. Which
warnings were on is remembered by the process that answers, for their hysteresis alone; one that has
forgotten warns a minute later or sooner.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import isinf
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.approach.phases import ApproachRules
from dispatch.missions.named import open_order
from dispatch.missions.told import orders_told
from dispatch.orders.states import OrderState
from dispatch.refs import Refs, load_refs
from dispatch.requests.way import driven_places, stays_s, waypoints_of
from dispatch.roads.network import LatLon
from dispatch.roads.travel_times import TravelTimes
from dispatch.rolling.lateness import (
    Figures,
    Following,
    RollingRules,
    Underway,
    figures_of,
    warned_of,
)
from dispatch.rolling.schemas import WarningList, WarningOut
from dispatch.rolling.store import DueRide, due_rides, following_rides, promised_among
from dispatch.rolling.words import WarningKind
from dispatch.sightings import Near, has_been
from fleet.access import Actor
from fleet.permissions import Permission
from tracking.live.fleet import LiveFleet

RULES = RollingRules()
AHEAD = timedelta(hours=2)
_HERE_M = ApproachRules().here_m

Held = dict[UUID, frozenset[WarningKind]]
"""Which warnings are on, by order."""


async def warnings(
    session: AsyncSession,
    actor: Actor,
    live: LiveFleet,
    travel_times: TravelTimes,
    held: Held,
    now: datetime,
) -> WarningList:
    """Return what to look at in the units for which the actor dispatches."""
    scope = actor.scope(Permission.ORDER_ASSIGN)
    due = await due_rides(session, scope, now, AHEAD, open_order(actor))
    rides = [await _next_pickup(session, ride, now) for ride in due]
    following = await following_rides(session, rides, AHEAD)
    known = await orders_told(session, actor, [after.order.id for after in following.values()])
    seen = {ride.order.id: _seen(ride, live, now) for ride in rides}
    # Shortest paths take the processor for a while: other requests go on meanwhile.
    underway = await asyncio.to_thread(_measure, rides, following, seen, travel_times)
    found: list[tuple[DueRide, WarningKind, Figures]] = []
    for ride, order in zip(rides, underway, strict=True):
        if order.state is OrderState.DEPARTED and await _has_been_there(session, ride, now):
            order = await asyncio.to_thread(_aboard, ride, order, seen[ride.order.id], travel_times)
        figures = figures_of(order, now, RULES)
        held[ride.order.id] = warned_of(figures, held.get(ride.order.id, frozenset()), RULES)
        found += [(ride, kind, figures) for kind in held[ride.order.id]]
    await _forget(session, held, rides)
    refs = await load_refs(
        session,
        organisations={ride.order.organisation_no for ride in rides},
        vehicles=[ride.order.vehicle_no for ride in rides],
        drivers=[ride.order.driver_no for ride in rides],
    )
    order_of_kind = list(WarningKind)
    found.sort(key=lambda one: (order_of_kind.index(one[1]), -one[2][one[1]], one[0].order.id))
    return WarningList(
        at=now,
        items=[
            _shown(
                ride,
                kind,
                figures,
                following.get(ride.order.id),
                known,
                seen[ride.order.id],
                refs,
                now,
            )
            for ride, kind, figures in found
        ],
    )


Seen = tuple[LatLon, datetime]


def _seen(ride: DueRide, live: LiveFleet, now: datetime) -> Seen | None:
    newest = live.index.get(ride.order.vehicle_no) if ride.order.vehicle_no else None
    if newest is None:
        return None
    return (newest.lat, newest.lon), min(now, datetime.fromtimestamp(newest.time_s, UTC))


def _measure(
    rides: Sequence[DueRide],
    following: dict[UUID, DueRide],
    seen: dict[UUID, Seen | None],
    travel_times: TravelTimes,
) -> list[Underway]:
    """Return each ride with the driving times that are left of it."""
    return [
        _underway(ride, following.get(ride.order.id), seen[ride.order.id], travel_times)
        for ride in rides
    ]


def _underway(
    ride: DueRide, after: DueRide | None, seen: Seen | None, travel_times: TravelTimes
) -> Underway:
    state = ride.state
    at, seen_at = seen or (None, None)
    rest_s = sum(_drive_s(travel_times, a, b) for a, b in pairwise(driven_places(ride.request)))
    rest_s += stays_s(waypoints_of(ride.request.waypoints))
    aboard = state in (OrderState.ARRIVED, OrderState.RETURNING)
    return Underway(
        state=state,
        pickup_at=ride.pickup_at,
        end=ride.order.period.upper or ride.pickup_at,
        seen_at=seen_at,
        to_pickup_s=_drive_s(travel_times, at, ride.pickup) if at and not aboard else None,
        rest_s=rest_s,
        to_end_s=_drive_s(travel_times, at, ride.last_place) if at and aboard else None,
        following=_following(ride, after, travel_times),
    )


def _following(ride: DueRide, after: DueRide | None, travel_times: TravelTimes) -> Following | None:
    if after is None:
        return None
    return Following(after.pickup_at, _drive_s(travel_times, ride.last_place, after.pickup))


def _aboard(
    ride: DueRide, order: Underway, seen: Seen | None, travel_times: TravelTimes
) -> Underway:
    """Return a ride whose passenger has been picked up: on to the destination, and back."""
    to_end_s = None
    if seen is not None:
        to_end_s = _drive_s(travel_times, seen[0], ride.destination)
        if ride.request.round_trip:
            to_end_s += _drive_s(travel_times, ride.destination, ride.pickup)
    return Underway(
        state=order.state,
        pickup_at=order.pickup_at,
        end=order.end,
        seen_at=order.seen_at,
        to_end_s=to_end_s,
        been_there=True,
        following=order.following,
    )


def _drive_s(travel_times: TravelTimes, start: LatLon, end: LatLon) -> float:
    seconds, _ = travel_times.matrix([start], [end])
    return float(seconds[0, 0])


async def _next_pickup(session: AsyncSession, ride: DueRide, now: datetime) -> DueRide:
    """Return a ride that is out as it stands for the first of those who share and still wait."""
    state = OrderState(ride.order.state)
    if state is OrderState.ARRIVED:
        ride = replace(ride, between=True) if ride.missed else ride.after_pickup()
    elif state is not OrderState.DEPARTED:
        return ride
    while ride.then and await _has_been_there(session, ride, now):
        ride = ride.after_pickup()
    if ride.between and await _has_been_there(session, ride, now):
        return replace(ride, between=False)
    return ride


async def _has_been_there(session: AsyncSession, ride: DueRide, now: datetime) -> bool:
    """Whether the vehicle has been at the pick-up since it departed."""
    departed_at, vehicle_no = ride.order.departed_at, ride.order.vehicle_no
    if departed_at is None or vehicle_no is None:
        return False
    return await has_been(session, vehicle_no, Near(ride.pickup, _HERE_M), departed_at, now)


async def _forget(session: AsyncSession, held: Held, rides: Sequence[DueRide]) -> None:
    """Drop what has nothing on, and what is over: not due to whoever asks may be due to others."""
    due = {ride.order.id for ride in rides}
    others = held.keys() - due
    over = others - await promised_among(session, others)
    for id in [id for id, kinds in held.items() if id in over or (not kinds and id in due)]:
        del held[id]


def _shown(
    ride: DueRide,
    kind: WarningKind,
    figures: Figures,
    after: DueRide | None,
    known: Collection[UUID],
    seen: Seen | None,
    refs: Refs,
    now: datetime,
) -> WarningOut:
    order, late_s = ride.order, figures[kind]
    endangered = after if kind is WarningKind.NEXT_ENDANGERED else None
    # That the vehicle is awaited elsewhere is told, but not by what the reader doesn't see.
    is_hidden = endangered is not None and endangered.order.id not in known
    to_replan = endangered.order if endangered else order
    return WarningOut(
        kind=kind,
        late_s=None if isinf(late_s) else round(late_s),
        order_id=order.id,
        state=OrderState(order.state),
        vehicle=refs.vehicles[order.vehicle_no] if order.vehicle_no else None,
        driver=refs.drivers[order.driver_no] if order.driver_no else None,
        unit=refs.organisations[order.organisation_no],
        promised_pickup_at=ride.pickup_at,
        end=order.period.upper or ride.pickup_at,
        position_age_s=round((now - seen[1]).total_seconds()) if seen else None,
        next_order_id=endangered.order.id if endangered and not is_hidden else None,
        may_replan=to_replan.state == OrderState.ASSIGNED and not is_hidden,
    )
