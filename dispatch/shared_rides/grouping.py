"""Who should share a vehicle, of many who might: proposed by the search, judged as joining is.

The search (`dispatch.sharing`) puts the ways of all rides into vehicles that stand at one base;
those who are aboard together there are candidates. A ride there and back has one vehicle for both
ways, which the search doesn't know, and nobody's pick-up changes once it was told: so candidates
join one another as orders are joined (`planning.plan`), the earliest first, and whoever doesn't fit
isn't of the group.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID

import numpy as np

from dispatch.roads.network import LatLon
from dispatch.roads.plane import Floats
from dispatch.roads.travel_times import TravelTimes
from dispatch.shared_rides.arrays import requests_of, times_of
from dispatch.shared_rides.legs import Leg, Ride, legs_of
from dispatch.shared_rides.planning import Asked, Call, Fit, plan

_STEPS = 20_000
"""Of the search: a few seconds for the rides of a day."""
_SEED = 1
_WHOLE_DAY_S = 86_400.0

SeatsFor = Callable[[Sequence[int]], int]
"""The passengers' seats of the largest vehicle that may serve all of these rides; 0: none may."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rides that share a vehicle, by their places among all, and the calls that it makes."""

    rides: tuple[int, ...]
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """Rides of a day whose passengers agree to share, and what there is to drive them.

    vehicles: how many there are; base: where they stand, None where nobody knows
    """

    rides: Sequence[Ride]
    seats_for: SeatsFor
    vehicles: int
    base: LatLon | None
    roads: TravelTimes
    now: datetime


def find_groups(asking: Asking, *, is_fewest: bool) -> list[Group]:
    """Return groups of rides that keep all limits, no ride in two of them.

    is_fewest: with as few vehicles as will do; otherwise with the least driving, and each group is
    driven in less time than its rides are one by one, from the base and back
    """
    drives = _drives_of(asking)
    candidates: list[list[int]] = sorted(map(sorted, _candidates(drives, asking, is_fewest)))
    taken: set[int] = set()
    found = []
    for candidate in candidates:
        group = _judged([i for i in candidate if i not in taken], asking)
        if group is not None and (is_fewest or drives.together_s(group) < drives.apart_s(group)):
            found.append(group)
            taken |= set(group.rides)
    return found


@dataclass(frozen=True, slots=True)
class _Drives:
    """The rides' ways between points: origins, then destinations, then the base where it is known.

    legs: with the place of their ride each
    """

    seconds: Floats
    legs: Sequence[tuple[int, Leg]]
    rides: Sequence[Ride]

    @property
    def base(self) -> int | None:
        """The base's point."""
        return 2 * len(self.rides) if len(self.seconds) > 2 * len(self.rides) else None

    def way_of(self, ride: int, *, is_return: bool) -> tuple[int, int]:
        """Return the points where a ride begins and ends, out or back."""
        out = ride, len(self.rides) + ride
        return (out[1], out[0]) if is_return else out

    def apart_s(self, group: Group) -> float:
        """Return how long it takes to drive a group's rides one by one, from the base and back."""
        ways = []
        for i in group.rides:
            out, back = self.way_of(i, is_return=False), self.way_of(i, is_return=True)
            ways.append([*out, *back[1:]] if self.rides[i].is_round_trip else [*out])
        return sum(map(self._driven_s, ways))

    def together_s(self, group: Group) -> float:
        """Return how long it takes to make a group's calls, from the base and back."""
        places = {self.rides[i].request_id: i for i in group.rides}
        points = []
        for call in group.calls:
            begin, end = self.way_of(places[call.request_id], is_return=call.is_return)
            points.append(begin if call.is_pick_up else end)
        return self._driven_s(points)

    def _driven_s(self, points: Sequence[int]) -> float:
        way = points if self.base is None else [self.base, *points, self.base]
        return sum(float(self.seconds[a, b]) for a, b in pairwise(way))


def _drives_of(asking: Asking) -> _Drives:
    """Return the ways of the rides that some vehicle has seats for and roads lead to."""
    rides, n = asking.rides, len(asking.rides)
    points = [one.origin for one in rides] + [one.destination for one in rides]
    points += [asking.base] if asking.base else []
    seconds, _ = asking.roads.matrix(points, points) if points else (np.zeros((0, 0)), None)
    legs = []
    for i, one in enumerate(rides):
        out_s, back_s = float(seconds[i, n + i]), float(seconds[n + i, i])
        is_joined = np.isfinite(out_s) and (np.isfinite(back_s) or not one.is_round_trip)
        if is_joined and one.passengers <= asking.seats_for([i]):
            legs += [(i, leg) for leg in legs_of(one, out_s, back_s, asking.now)]
    return _Drives(seconds, legs, rides)


def _candidates(drives: _Drives, asking: Asking, is_fewest: bool) -> Iterator[set[int]]:
    """Yield rides that are aboard one vehicle together, of the best routes that were found."""
    # The compiler takes seconds to import: only whoever shares a ride pays for it.
    from dispatch.sharing import Problem, Steps, Vehicles, fewest_vehicles, improve

    legs = [leg for _, leg in drives.legs]
    vehicles = min(asking.vehicles, len(legs))
    if len({i for i, _ in drives.legs}) < 2 or vehicles == 0:
        return
    zero = min(leg.pick_up_from for leg in legs)
    ends = max(leg.set_down_until for leg in legs) - zero
    most = max(asking.seats_for([i]) for i, _ in drives.legs)
    ways = [drives.way_of(i, is_return=leg.is_return) for i, leg in drives.legs]
    time = times_of(drives.seconds, ways, drives.base, vehicles)
    fleet = Vehicles(
        seats=np.full(vehicles, float(most)),
        start_from=np.full(vehicles, -_WHOLE_DAY_S),
        end_until=np.full(vehicles, ends + _WHOLE_DAY_S),
        duration_max=np.full(vehicles, np.inf),
    )
    problem = Problem.of(requests_of(legs, zero), fleet, time)
    best = (fewest_vehicles if is_fewest else improve)(problem, Steps(_STEPS), _SEED)
    for route in best.routes:
        for together in _aboard_together(route, len(legs)):
            rides = {drives.legs[leg][0] for leg in together}
            if len(rides) > 1:
                yield rides


def _aboard_together(route: Sequence[int], n: int) -> Iterator[list[int]]:
    """Yield the legs of a route between two moments at which nobody is aboard."""
    legs: list[int] = []
    aboard = 0
    for node in route:
        aboard += 1 if node < n else -1
        legs += [node] if node < n else []
        if aboard == 0:
            yield legs
            legs = []


def _judged(candidate: Sequence[int], asking: Asking) -> Group | None:
    """Return those who share with the earliest of the candidates, or else with the next."""
    order = sorted(candidate, key=lambda i: (asking.rides[i].start, asking.rides[i].request_id))
    for at, first in enumerate(order):
        group = _joined(first, order[at + 1 :], asking)
        if group is not None:
            return group
    return None


def _joined(first: int, others: Sequence[int], asking: Asking) -> Group | None:
    """Let others join a ride one after another, each told their pick-up, as it is in the end."""
    ride = asking.rides[first]
    promised_at = ride.promised_at or max(ride.start, asking.now)
    kept = {first: _told(ride, promised_at, asking)}
    calls: tuple[Call, ...] | None = None
    for other in others:
        joining = asking.rides[other]
        seats = asking.seats_for([*kept, other])
        asked = Asked(tuple(kept.values()), calls, seats, asking.base)
        found = plan(asked, joining, asking.roads, asking.now)
        if isinstance(found, Fit):
            calls = found.calls
            kept[other] = _told(joining, pick_up_of(joining.request_id, calls), asking)
    return Group(tuple(kept), calls) if calls else None


def _told(ride: Ride, promised_at: datetime, asking: Asking) -> Ride:
    return replace(ride, promised_at=promised_at, told_at=ride.told_at or asking.now)


def pick_up_of(request_id: UUID, calls: Sequence[Call]) -> datetime:
    """Return when the calls pick up a request's passengers on the way out."""
    own = (c.at for c in calls if c.request_id == request_id and c.is_pick_up)
    return datetime.fromtimestamp(min(own), UTC)


def place_of(ride: Ride, call: Call) -> LatLon:
    """Return where a vehicle makes a call for a ride."""
    return ride.origin if call.is_pick_up != call.is_return else ride.destination
