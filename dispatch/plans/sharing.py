"""Who shares a vehicle on a day (合乘): planned with and without, and the better plan is taken.

A better plan serves more promised requests, then more of all, then drives less, passengers or none.
Less driving is what those who may share are put together for; fewer vehicles, where some are left
without a vehicle or a driver otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil, floor

from dispatch.eligibility.ride_length import way_m
from dispatch.plans.model import Day, Proposal, Ride
from dispatch.plans.reading import ReadDay
from dispatch.plans.solving import propose
from dispatch.plans.ways import ways_between
from dispatch.roads.travel_times import TravelTimes
from dispatch.shared_rides.grouping import Asking, Group, find_groups, pick_up_of, place_of

_ROUNDS = 3
"""How often groups that no vehicle or driver was found for are taken apart."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """A day's rides, of one request each or of several who share, and what is proposed for them.

    riders: by ride, the places of its requests among all, the earliest first
    pick_ups: by request, when those who share are picked up
    """

    day: Day
    riders: tuple[tuple[int, ...], ...]
    pick_ups: Mapping[int, datetime]
    proposal: Proposal

    @property
    def left_out(self) -> tuple[int, ...]:
        """The rides that get no vehicle or no driver."""
        return self.proposal.without_car + self.proposal.without_crew

    @property
    def worth(self) -> tuple[int, int, int]:
        """By what plans of a day are compared, the greater the better."""
        rides = [self.day.rides[line.ride] for line in self.proposal.lines]
        return (
            sum(ride.promised for ride in rides),
            sum(ride.requests for ride in rides),
            -self.proposal.empty_m - sum(ride.length_m for ride in rides),
        )


def arrange_apart(read: ReadDay) -> Arranged:
    """Return the best plan in which nobody shares."""
    everybody = tuple((r,) for r in range(len(read.day.rides)))
    return Arranged(read.day, everybody, {}, propose(read.day))


def arrange(read: ReadDay, travel: TravelTimes, now: datetime) -> Arranged:
    """Return the best plan that was found, of those with and without sharing.

    A group for which there is no vehicle or no driver is planned apart again.
    """
    best = arrange_apart(read)
    for is_fewest in (False, True):
        if is_fewest and not best.left_out:
            break
        groups = _groups(read, travel, now, is_fewest=is_fewest)
        for _ in range(_ROUNDS):
            if not groups:
                break
            tried = _together(read, groups, travel)
            best = max(best, tried, key=lambda one: one.worth)
            left_out = {tried.riders[ride] for ride in tried.left_out}
            served = [group for group in groups if group.rides not in left_out]
            groups = served if len(served) < len(groups) else []
    return best


def _groups(read: ReadDay, travel: TravelTimes, now: datetime, *, is_fewest: bool) -> list[Group]:
    """Return who should share, by the places of their requests."""
    places = [r for r, one in enumerate(read.sharers) if one is not None]
    rides = [one for one in read.sharers if one is not None]

    def seats_for(members: Sequence[int]) -> int:
        return max(
            (read.seats[v] for v in _vehicles(read, [places[m] for m in members])), default=0
        )

    usable = {v for r in places for v in read.day.rides[r].vehicles if read.seats[v]}
    asking = Asking(rides, seats_for, len(usable), read.base, travel, now)
    return [
        replace(group, rides=tuple(places[m] for m in group.rides))
        for group in find_groups(asking, is_fewest=is_fewest)
    ]


def _vehicles(read: ReadDay, places: Sequence[int]) -> frozenset[int]:
    """Return the vehicles that may serve each of these requests."""
    return frozenset.intersection(*(read.day.rides[r].vehicles for r in places))


def _together(read: ReadDay, groups: Sequence[Group], travel: TravelTimes) -> Arranged:
    """Return the best plan in which these share."""
    group_of = {group.rides[0]: group for group in groups}
    others = {r for group in groups for r in group.rides[1:]}
    rides: list[Ride] = []
    riders: list[tuple[int, ...]] = []
    pick_ups: dict[int, datetime] = {}
    for r, ride in enumerate(read.day.rides):
        if r in others:
            continue
        if r not in group_of:
            rides.append(ride)
            riders.append((r,))
            continue
        group = group_of[r]
        rides.append(_ride(read, group))
        riders.append(group.rides)
        pick_ups |= {one: pick_up_of(read.requests[one].id, group.calls) for one in group.rides}
    day = replace(read.day, rides=rides, roads=ways_between(rides, read.day.cars, travel))
    return Arranged(day, tuple(riders), pick_ups, propose(day))


def _ride(read: ReadDay, group: Group) -> Ride:
    """Return a group's ride: for as long as any of its requests asks for, and all its calls."""
    by_id = {one.request_id: one for r in group.rides if (one := read.sharers[r])}
    places = [place_of(by_id[call.request_id], call) for call in group.calls]
    own = [read.day.rides[r] for r in group.rides]
    passengers = sum(one.passengers for one in by_id.values())
    return Ride(
        span=(
            min(*(ride.span[0] for ride in own), floor(group.calls[0].at)),
            max(*(ride.span[1] for ride in own), ceil(group.calls[-1].at)),
        ),
        origin=places[0],
        ends_at=places[-1],
        length_m=way_m(places),
        vehicles=frozenset(v for v in _vehicles(read, group.rides) if read.seats[v] >= passengers),
        promised=sum(ride.promised for ride in own),
        requests=len(own),
    )
