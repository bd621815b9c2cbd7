"""Where a request fits into an order: judged by the kernel, by travel times on the roads.

Exact: the calls that come back keep every window, longest ride and seat (`keeps`), or there are
none. A ride there and back is put in way by way, each where it adds least.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from math import isfinite
from uuid import UUID

import numpy as np

from dispatch.roads.network import LatLon
from dispatch.roads.plane import Floats
from dispatch.roads.travel_times import TravelTimes
from dispatch.shared_rides.arrays import requests_of, times_of
from dispatch.shared_rides.legs import Leg, Ride, legs_of
from dispatch.shared_rides.words import SharingLimit, WhoseLimit

_ANY_S = 7 * 86_400.0
_LATE = timedelta(minutes=1)
"""A vehicle that comes so much later than was asked for is on its way from somewhere else."""
_NEAR_S = 1e-3
"""Two instants this near are one: what is stored is rounded to microseconds."""


@dataclass(frozen=True, slots=True)
class Call:
    """The vehicle picks a request's passengers up, or sets them down, on the way out or back."""

    request_id: UUID
    is_pick_up: bool
    is_return: bool
    at: float


@dataclass(frozen=True, slots=True)
class Fit:
    """The calls of an order in their order, with the legs that they serve, and what is added."""

    calls: tuple[Call, ...]
    legs: tuple[Leg, ...]
    added_s: float


@dataclass(frozen=True, slots=True)
class Misfit:
    """Which limit breaks first, and whose; request_id: where that is one request's alone."""

    limit: SharingLimit
    whose: WhoseLimit
    request_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """An order and who is to ride in it.

    aboard: the rides that it serves already, and `calls`, their plan; None: each by itself
    seats: for passengers
    base: where its vehicle stands, None where nobody knows
    arrives_at: when it can be with whoever is picked up first; None: nobody knows
    """

    aboard: tuple[Ride, ...]
    calls: tuple[Call, ...] | None
    seats: int
    base: LatLon | None
    arrives_at: datetime | None = None


def plan(asked: Asked, joining: Ride | None, roads: TravelTimes, now: datetime) -> Fit | Misfit:
    """Return the calls of an order that serves its rides and another; None: its own alone.

    By the roads at the hour in which the first of the rides begins.
    """
    rides = [*asked.aboard, *([joining] if joining else [])]
    roads = roads.at(min(ride.start for ride in rides))
    if sum(ride.passengers for ride in rides) > asked.seats:
        return Misfit(SharingLimit.SEATS, WhoseLimit.VEHICLE)
    legs: list[Leg] = []
    for ride in rides:
        out_s, back_s = _direct(ride, roads)
        joined = isfinite(out_s) and (isfinite(back_s) or not ride.is_round_trip)
        own = legs_of(ride, out_s, back_s, now) if joined else []
        if not own:
            whose = WhoseLimit.JOINING if ride is joining else WhoseLimit.ABOARD
            return Misfit(SharingLimit.TIMES, whose, ride.request_id)
        legs += own
    joins = sum(1 for leg in legs if joining and leg.request_id == joining.request_id)
    time = _times(legs, asked.base, roads)
    found = _fitted(legs, joins, asked, time, now)
    if found is not None:
        return found
    return _why_not(legs, joins, asked, time, now)


def keeps(legs: Sequence[Leg], calls: Sequence[Call], seats: int) -> bool:
    """Whether each leg is served once, within its windows, its longest ride and the seats."""
    at = {(c.request_id, c.is_return, c.is_pick_up): c.at for c in calls}
    if len(at) != len(calls) or len(calls) != 2 * len(legs):
        return False
    for leg in legs:
        up, down = (at.get((leg.request_id, leg.is_return, which)) for which in (True, False))
        if up is None or down is None or up > down + _NEAR_S:
            return False
        if not leg.pick_up_from - _NEAR_S <= up <= leg.pick_up_until + _NEAR_S:
            return False
        if down > leg.set_down_until + _NEAR_S or down - up > leg.ride_max_s + _NEAR_S:
            return False
    of = {leg.request_id: leg.seats for leg in legs}
    taken = 0
    for call in calls:
        taken += of[call.request_id] if call.is_pick_up else -of[call.request_id]
        if taken > seats:
            return False
    return all(a.at <= b.at + _NEAR_S for a, b in pairwise(calls))


def _direct(ride: Ride, roads: TravelTimes) -> tuple[float, float]:
    there = roads.matrix([ride.origin], [ride.destination])[0]
    back = roads.matrix([ride.destination], [ride.origin])[0]
    return float(there[0, 0]), float(back[0, 0])


def _times(legs: Sequence[Leg], base: LatLon | None, roads: TravelTimes) -> Floats:
    n = len(legs)
    points = [leg.origin for leg in legs] + [leg.destination for leg in legs]
    points += [base] if base else []
    seconds, _ = roads.matrix(points, points)
    return times_of(seconds, [(i, n + i) for i in range(n)], 2 * n if base else None)


def _fitted(
    legs: Sequence[Leg], joins: int, asked: Asked, time: Floats, now: datetime
) -> Fit | None:
    # The compiler takes seconds to import: only whoever shares a ride pays for it.
    from dispatch.sharing import (
        BrokenRoute,
        ContradictoryLimits,
        LiveRoutes,
        Problem,
        Vehicles,
    )

    n, standing = len(legs), len(legs) - joins
    sequence = _sequence(legs[:standing], asked.calls, n)
    zero = now.timestamp()
    requests = requests_of(legs, zero)
    vehicles = Vehicles(
        seats=np.array([float(asked.seats)]),
        start_from=np.array([_leaves_s(legs, sequence, asked, time, zero)]),
        end_until=np.array([max(leg.set_down_until for leg in legs) - zero + _ANY_S]),
        duration_max=np.array([np.inf]),
    )
    try:
        routes = LiveRoutes(Problem.of(requests, vehicles, time), [sequence])
    except (ContradictoryLimits, BrokenRoute):
        return None
    added = 0.0
    for leg in range(standing, n):
        found = routes.insert(leg)
        if found is None:
            return None
        added += found.added
    schedule = routes.schedule(0)
    inner = list(zip(schedule.nodes, schedule.begins, strict=True))[1:-1]
    nodes, begins = [node for node, _ in inner], [zero + at for _, at in inner]
    return Fit(_back_late(legs, nodes, begins, time, asked.seats), tuple(legs), added)


def _leaves_s(
    legs: Sequence[Leg], sequence: Sequence[int], asked: Asked, time: Floats, zero: float
) -> float:
    """Return from when the vehicle may leave its base, in seconds from `zero`.

    It is where it must be for what it has promised already. A vehicle that is known to need longer
    to the first, or that comes later than was asked for, isn't at its base: nobody is told that it
    is with them before.
    """
    if not sequence:
        return 0.0
    leg = legs[sequence[0]]
    way_s = float(time[2 * len(legs), sequence[0]])
    in_time = leg.pick_up_until - way_s - zero
    first = next((one for one in asked.aboard if one.request_id == leg.request_id), None)
    promised = first.promised_at if first else None
    if first and promised and promised - max(first.start, first.told_at or first.start) > _LATE:
        return in_time
    known = asked.arrives_at.timestamp() - way_s - zero if asked.arrives_at else 0.0
    return min(max(0.0, known), in_time)


def _sequence(legs: Sequence[Leg], calls: Sequence[Call] | None, n: int) -> list[int]:
    index = {(leg.request_id, leg.is_return): i for i, leg in enumerate(legs)}
    if calls is None:
        return [node for i in range(len(legs)) for node in (i, n + i)]
    found = [(index.get((call.request_id, call.is_return)), call.is_pick_up) for call in calls]
    return [i if is_pick_up else n + i for i, is_pick_up in found if i is not None]


def _back_late(
    legs: Sequence[Leg], nodes: list[int], begins: list[float], time: Floats, seats: int
) -> tuple[Call, ...]:
    """Return the calls with ways back as late as what follows allows: a visit isn't cut short."""
    n, late = len(legs), list(begins)
    for k in range(len(nodes) - 1, -1, -1):
        node = nodes[k]
        leg = legs[node % n]
        if not leg.is_return:
            continue
        until = leg.pick_up_until if node < n else leg.set_down_until
        if k + 1 < len(nodes):
            until = min(until, late[k + 1] - float(time[node, nodes[k + 1]]))
        late[k] = max(begins[k], until)
    moved = _calls(legs, nodes, late)
    return moved if keeps(legs, moved, seats) else _calls(legs, nodes, begins)


def _calls(legs: Sequence[Leg], nodes: Sequence[int], at: Sequence[float]) -> tuple[Call, ...]:
    n = len(legs)
    return tuple(
        Call(legs[node % n].request_id, node < n, legs[node % n].is_return, when)
        for node, when in zip(nodes, at, strict=True)
    )


def _why_not(legs: Sequence[Leg], joins: int, asked: Asked, time: Floats, now: datetime) -> Misfit:
    """Return the first limit without which it would fit: of whoever joins, then of the others."""
    standing = len(legs) - joins

    def fits(changed: Sequence[Leg]) -> bool:
        return _fitted(changed, joins, asked, time, now) is not None

    staying, coming = legs[:standing], legs[standing:]
    if joins and fits([*staying, *map(_further, coming)]):
        return Misfit(SharingLimit.DETOUR, WhoseLimit.JOINING, coming[0].request_id)
    for request_id in dict.fromkeys(leg.request_id for leg in staying):
        if fits([_further(leg) if leg.request_id == request_id else leg for leg in legs]):
            return Misfit(SharingLimit.DETOUR, WhoseLimit.ABOARD, request_id)
    if joins and fits([*staying, *map(_patient, coming)]):
        return Misfit(SharingLimit.TIMES, WhoseLimit.JOINING, coming[0].request_id)
    if fits([_further(leg) for leg in legs]):
        return Misfit(SharingLimit.DETOUR, WhoseLimit.ABOARD)
    if fits([_patient(leg) for leg in legs]):
        return Misfit(SharingLimit.PROMISED_PICKUP, WhoseLimit.ABOARD)
    return Misfit(SharingLimit.TIMES, WhoseLimit.JOINING if joins else WhoseLimit.ABOARD)


def _further(leg: Leg) -> Leg:
    """Return a leg without limit of detour, picked up as before."""
    return replace(leg, set_down_until=leg.set_down_until + _ANY_S, ride_max_s=_ANY_S)


def _patient(leg: Leg) -> Leg:
    """Return a leg that may also be picked up whenever."""
    return replace(_further(leg), pick_up_until=leg.pick_up_until + _ANY_S)
