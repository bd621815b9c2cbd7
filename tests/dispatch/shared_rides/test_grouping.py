"""Those who are put together keep every limit, drive less, and are those who can be joined."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import inf
from random import Random
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.roads.network import LatLon
from dispatch.roads.straight_line import StraightLineTravelTimes
from dispatch.shared_rides.detours import DetourLimit
from dispatch.shared_rides.grouping import Asking, Group, find_groups, pick_up_of
from dispatch.shared_rides.legs import Ride

NOW = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
ROADS = StraightLineTravelTimes()
BASE = (40.0, 110.0)
LIMIT = DetourLimit(50, 900)


def place(east_km: float, north_km: float) -> LatLon:
    """A place so far from the base."""
    return (BASE[0] + north_km / 111.2, BASE[1] + east_km / 85.2)


def ride(n: int, start_min: float, origin: LatLon, destination: LatLon, **more: object) -> Ride:
    start = NOW + timedelta(minutes=start_min)
    plain = Ride(
        UUID(int=n + 1), 1, origin, destination, start, start + timedelta(hours=3), False, LIMIT
    )
    return replace(plain, **more)  # type: ignore[arg-type]


ASIDE = [
    ride(0, 60, place(0, 0), place(0, 20), limit=DetourLimit(60, 3600)),
    ride(1, 100, place(10, 10), place(10, 12), limit=DetourLimit(60, 3600)),
]
"""One is picked up on the way of the other, out of its way; one after the other is too late."""


def asking(rides: Sequence[Ride], seats: int = 4, vehicles: int = 5) -> Asking:
    return Asking(rides, lambda _: seats, vehicles, BASE, ROADS, NOW)


def least_s(a: LatLon, b: LatLon) -> float:
    """How long the way takes by itself."""
    return float(ROADS.matrix([a], [b])[0][0, 0])


def require_kept(rides: Sequence[Ride], group: Group, seats: int) -> None:
    """Follow the vehicle from call to call, by the roads and what each passenger agreed to."""
    by_id = {rides[i].request_id: rides[i] for i in group.rides}
    assert len(by_id) == len(group.rides) > 1
    calls = [(c.request_id, c.is_return, c.is_pick_up) for c in group.calls]
    ways = [(id, back) for id, one in by_id.items() for back in {False, one.is_round_trip}]
    assert sorted(calls) == sorted((*way, up) for way in ways for up in (True, False))

    def at(id: UUID, *, at_origin: bool) -> LatLon:
        return by_id[id].origin if at_origin else by_id[id].destination

    stops = [(c.at, at(c.request_id, at_origin=c.is_pick_up != c.is_return)) for c in group.calls]
    for (left, a), (came, b) in pairwise(stops):
        assert came - left >= least_s(a, b) - 0.01
    taken = 0
    for call in group.calls:
        taken += by_id[call.request_id].passengers * (1 if call.is_pick_up else -1)
        assert 0 <= taken <= seats
    for id, back in ways:
        one = by_id[id]
        (up,) = (
            c.at for c in group.calls if (c.request_id, c.is_return) == (id, back) and c.is_pick_up
        )
        (down,) = (
            c.at
            for c in group.calls
            if (c.request_id, c.is_return) == (id, back) and not c.is_pick_up
        )
        direct = least_s(at(id, at_origin=not back), at(id, at_origin=back))
        detour = min(direct * one.limit.percent / 100, one.limit.seconds)
        assert down - up <= direct + detour + 0.01
        if not back:
            start = one.start.timestamp()
            assert start - 0.01 <= up <= start + detour + 0.01
            assert down <= start + direct + detour + 0.01
        assert down <= max(one.end.timestamp(), one.start.timestamp() + direct) + 0.01
    first = rides[group.rides[0]]
    assert pick_up_of(first.request_id, group.calls) == first.start, "the first is told the start"


def require_less(rides: Sequence[Ride], group: Group) -> None:
    """Compare what the vehicle drives with what the rides take one by one."""
    by_id = {rides[i].request_id: rides[i] for i in group.rides}
    together = [
        by_id[c.request_id].origin
        if c.is_pick_up != c.is_return
        else by_id[c.request_id].destination
        for c in group.calls
    ]
    apart = [
        driven_s([one.origin, one.destination, *([one.origin] if one.is_round_trip else [])])
        for one in by_id.values()
    ]
    assert driven_s(together) < sum(apart)


def driven_s(places: Sequence[LatLon]) -> float:
    return sum(least_s(a, b) for a, b in pairwise([BASE, *places, BASE]))


def test_two_of_one_way_share_and_one_of_another_drives_alone() -> None:
    rides = [
        ride(0, 60, place(0, 0), place(0, 20)),
        ride(1, 62, place(-20, 0), place(-20, -20)),
        ride(2, 61, place(0, 2), place(0, 21)),
    ]
    (group,) = find_groups(asking(rides), is_fewest=False)
    assert group.rides == (0, 2)
    require_kept(rides, group, 4)


def test_there_and_back_is_shared_both_ways_or_not_at_all() -> None:
    both = [ride(n, 60 + n, place(0, n), place(0, 20), is_round_trip=True) for n in range(2)]
    (group,) = find_groups(asking(both), is_fewest=False)
    require_kept(both, group, 4)
    # No day is long enough for a detour out of which they are back in time.
    short = [replace(one, end=one.start + timedelta(minutes=115)) for one in both]
    assert find_groups(asking(short), is_fewest=False) == []


def test_nobody_is_put_together_beyond_the_seats_or_where_no_vehicle_serves_both() -> None:
    rides = [ride(n, 60, place(0, 0), place(0, 20), passengers=3) for n in range(2)]
    assert find_groups(asking(rides, seats=5), is_fewest=False) == []
    assert [one.rides for one in find_groups(asking(rides, seats=6), is_fewest=False)] == [(0, 1)]
    apart = Asking(rides, lambda of: 6 if len(of) == 1 else 0, 5, BASE, ROADS, NOW)
    assert find_groups(apart, is_fewest=False) == []
    nothing = asking(rides, vehicles=0)
    assert find_groups(nothing, is_fewest=True) == []
    assert find_groups(asking([]), is_fewest=False) == []
    assert find_groups(asking(rides[:1]), is_fewest=True) == []


def test_fewer_vehicles_are_found_where_sharing_drives_more() -> None:
    nowhere = replace(asking(ASIDE), base=None)
    assert find_groups(nowhere, is_fewest=False) == []
    (group,) = find_groups(nowhere, is_fewest=True)
    require_kept(ASIDE, group, 4)


def test_who_no_road_leads_to_is_left_out() -> None:
    class Cut(StraightLineTravelTimes):
        def matrix(self, origins, destinations):  # type: ignore[no-untyped-def]
            seconds, metres = super().matrix(origins, destinations)
            lost = np.array([o[0] > 41 for o in origins])[:, None] != np.array(
                [d[0] > 41 for d in destinations]
            )
            return np.where(lost, inf, seconds), np.where(lost, inf, metres)

    rides = [
        ride(0, 60, place(0, 0), place(0, 20)),
        ride(1, 60, place(0, 0), place(0, 200)),
        ride(2, 60, place(0, 1), place(0, 20)),
    ]
    cut = replace(asking(rides), roads=Cut())
    assert [one.rides for one in find_groups(cut, is_fewest=False)] == [(0, 2)]


def dense(seed: int, count: int = 14) -> list[Ride]:
    """A morning of rides to two places, of which many overlap."""
    draw = Random(seed)
    goals = [place(draw.uniform(-15, 15), draw.uniform(-15, 15)) for _ in range(2)]
    return [
        ride(
            n,
            draw.uniform(60, 110),
            place(draw.uniform(-8, 8), draw.uniform(-8, 8)),
            draw.choice(goals),
            is_round_trip=draw.random() < 0.4,
            limit=DetourLimit(draw.choice([50, 100]), draw.choice([900, 1800])),
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("seed", range(40, 52))
@pytest.mark.parametrize("is_fewest", [False, True])
def test_of_a_dense_morning_everybody_keeps_their_limits(seed: int, is_fewest: bool) -> None:
    rides = dense(seed)
    # The last four may use the smaller of two vehicles alone.
    served = [{4, 6} if n < 10 else {4} for n in range(len(rides))]

    def seats(of: Sequence[int]) -> int:
        return max(set.intersection(*(served[i] for i in of)), default=0)

    groups = find_groups(Asking(rides, seats, 6, BASE, ROADS, NOW), is_fewest=is_fewest)
    assert groups, "nobody shares of a dense morning"
    for group in groups:
        require_kept(rides, group, 4 if set(group.rides) & set(range(10, 14)) else 6)
        if not is_fewest:
            require_less(rides, group)


spots = st.tuples(st.integers(-12, 12), st.integers(-12, 12)).map(lambda km: place(*km))
asked = st.builds(
    lambda start, origin, destination, people, back, percent: ride(
        0, start, origin, destination,
        passengers=people, is_round_trip=back, limit=DetourLimit(percent, 1800),
    ),
    st.integers(30, 150),
    spots,
    spots,
    st.integers(1, 3),
    st.booleans(),
    st.sampled_from([0, 20, 50, 100]),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(asked, max_size=10), st.integers(1, 6), st.integers(1, 4), st.booleans())
def test_whoever_is_put_together_keeps_every_limit_and_drives_less(
    told: list[Ride], seats: int, vehicles: int, is_fewest: bool
) -> None:
    rides = [replace(one, request_id=UUID(int=n + 1)) for n, one in enumerate(told)]
    groups = find_groups(asking(rides, seats, vehicles), is_fewest=is_fewest)
    members = [i for group in groups for i in group.rides]
    assert len(members) == len(set(members))
    for group in groups:
        require_kept(rides, group, seats)
        if not is_fewest:
            require_less(rides, group)
