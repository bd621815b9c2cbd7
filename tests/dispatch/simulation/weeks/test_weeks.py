"""Simulated days: what adds up whatever is decided, and small ones whose answers are known."""

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from dispatch.simulation.weeks.inventing import Pattern, invent
from dispatch.simulation.weeks.model import DAY_S, Demand, Fleet, House, Network
from dispatch.simulation.weeks.outcome import Outcome, gini
from dispatch.simulation.weeks.running import Policy, simulate
from dispatch.simulation.weeks.sizing import size_fleet, smallest
from dispatch.simulation.weeks.words import Assigning, Fate
from tests.dispatch.simulation.weeks.streets import PLAIN, demand, fleet, street

FIRST, NEAREST, OURS = (
    Policy(one, plans=False, sharing=False)
    for one in (Assigning.FIRST_COME, Assigning.NEAREST, Assigning.OURS)
)
EVERY = [
    Policy(assigning, plans, sharing)
    for assigning in Assigning
    for plans, sharing in ((False, False), (True, True))
]


def small_day(seed: int) -> tuple[Network, Fleet, Demand]:
    """Two days of a small town with few vehicles, so that not everybody is served."""
    chance = np.random.default_rng(seed)
    at = chance.uniform(0, 9_000, (15, 2))
    apart = np.hypot(*(at[:, None] - at[None, :]).transpose(2, 0, 1))
    places = np.arange(15, dtype=np.int64)
    seats = np.array([4, 4, 6, 4, 4, 18, 4], dtype=np.int64)
    asked = invent(Pattern(requests_a_day=55, days=2), places, places, seed)
    return Network(apart / 8, apart), Fleet(places[:7], seats), asked


@pytest.fixture(scope="module")
def small() -> tuple[Network, Fleet, Demand]:
    return small_day(seed=3)


@pytest.fixture(scope="module", params=EVERY, ids=str)
def told(request: pytest.FixtureRequest, small: tuple[Network, Fleet, Demand]) -> Outcome:
    return simulate(*small, request.param)


def test_every_request_is_served_refused_or_given_up_exactly_once(
    told: Outcome, small: tuple[Network, Fleet, Demand]
) -> None:
    assert told.served + told.refused + told.given_up == told.requests == len(small[2])
    for request, fate in enumerate(told.rides.fate):
        is_served = fate is Fate.SERVED
        assert is_served == (told.rides.vehicle[request] >= 0)
        assert is_served == bool(np.isfinite(told.rides.picked_s[request]))
        assert is_served == bool(np.isfinite(told.rides.dropped_s[request]))


def test_nobody_gets_in_before_the_start_or_out_before_the_way_is_driven(
    told: Outcome, small: tuple[Network, Fleet, Demand]
) -> None:
    network, _, asked = small
    served = np.isfinite(told.rides.picked_s)
    direct_s = network.seconds[asked.origin, asked.destination]
    aboard_s = told.rides.dropped_s - told.rides.picked_s
    assert (told.rides.picked_s[served] >= asked.start_s[served]).all()
    assert (aboard_s[served] >= direct_s[served] - 1e-6).all()


def test_no_vehicle_is_at_two_places(told: Outcome) -> None:
    by_vehicle = defaultdict(list)
    for leg in told.legs:
        by_vehicle[leg.vehicle].append(leg)
    for legs in by_vehicle.values():
        legs.sort(key=lambda leg: leg.left_s)
        for one, following in pairwise(legs):
            assert one.came_s <= following.left_s + 1e-6


def test_kilometres_add_up(told: Outcome, small: tuple[Network, Fleet, Demand]) -> None:
    network, _, asked = small
    driven = sum(leg.metres for leg in told.legs) / 1000
    assert told.empty_km + told.ridden_km == pytest.approx(driven)
    served = np.array([fate is Fate.SERVED for fate in told.rides.fate])
    ways = network.metres[asked.origin, asked.destination] * (1 + asked.back)
    aboard_km = sum(leg.metres * leg.aboard for leg in told.legs) / 1000
    assert aboard_km >= ways[served].sum() / 1000 - 1e-6
    if not told.shared:
        assert aboard_km == pytest.approx(ways[served].sum() / 1000)
        assert told.shared_km == 0


def test_whoever_shares_keeps_seats_and_the_longest_ride(
    small: tuple[Network, Fleet, Demand],
) -> None:
    network, vehicles, asked = small
    house = House()
    told = simulate(network, vehicles, asked, Policy(Assigning.OURS, plans=False, sharing=True))
    assert told.shared > 0
    direct_s = network.seconds[asked.origin, asked.destination]
    for request in range(len(asked)):
        if told.rides.fate[request] is Fate.SERVED and not asked.back[request]:
            aboard_s = told.rides.dropped_s[request] - told.rides.picked_s[request]
            longest_s = direct_s[request] * (1 + house.detour_share) + house.detour_s
            assert aboard_s <= longest_s + house.board_s + 1e-3
    for vehicle in range(len(vehicles.base)):
        own = np.flatnonzero(told.rides.vehicle == vehicle)
        for at_s in told.rides.picked_s[own]:
            there = own[(told.rides.picked_s[own] <= at_s) & (at_s < told.rides.dropped_s[own])]
            assert asked.passengers[there].sum() <= vehicles.seats[vehicle]


def test_the_same_seed_gives_the_same_answer() -> None:
    policy = Policy()
    one, same = (simulate(*small_day(seed=5), policy) for _ in range(2))
    assert one.legs == same.legs
    assert one.rides.fate == same.rides.fate
    assert simulate(*small_day(seed=6), policy).legs != one.legs


def test_the_nearest_vehicle_drives_less_than_the_one_that_has_stood_longest() -> None:
    pools = street(), fleet(2, 5), demand((0, 0, 5, 6), (8_000, 8_000, 2, 1))
    first, nearest = simulate(*pools, FIRST, PLAIN), simulate(*pools, NEAREST, PLAIN)
    assert nearest.rides.vehicle.tolist() == [1, 0]
    assert nearest.empty_km == pytest.approx(1 + 1)
    assert first.rides.vehicle.tolist() == [0, 1]
    assert first.empty_km == pytest.approx(3 + 4 + 3 + 4)


def test_ours_sends_both_where_greedy_leaves_the_second_a_long_way() -> None:
    """The nearest vehicle of the first is the only near one of the second."""
    pools = street(), fleet(0, 5), demand((0, 0, 3, 3), (0, 0, 8, 8))
    greedy, ours = simulate(*pools, NEAREST, PLAIN), simulate(*pools, OURS, PLAIN)
    assert greedy.wait_mean_min == pytest.approx((2_000 + 3_600) / 2 / 60, abs=40)
    assert ours.served == 2
    assert ours.wait_mean_min == pytest.approx((3_000 + 3_000) / 2 / 60, abs=0.5)


def test_what_is_assigned_changes_until_the_vehicle_leaves_and_never_after() -> None:
    """The second vehicle becomes free beside the second passenger after 1600 s."""
    house = House(
        prepare_s=600, board_s=0, turnaround_s=0, lead_s=9_000, patience_s=9_000, empty_s_a_km=60
    )
    pools = street(), fleet(0, 6)
    at_once = demand((0, 0, 6, 5), (100, 100, 5, 5))
    left = simulate(*pools, at_once, OURS, house)
    assert (left.rides.vehicle.tolist(), left.changes) == ([1, 0], 0)
    later = demand((0, 0, 6, 5), (100, 8_000, 5, 5))
    changed = simulate(*pools, later, OURS, house)
    assert (changed.rides.vehicle.tolist(), changed.changes) == ([1, 1], 1)


def test_plans_refuse_at_the_time_what_could_not_be_kept() -> None:
    booked = [(0.0, 40_000.0, 5, 6)] * 3
    pools = street(), fleet(5, 5), demand(*booked, stay_s=7_200)
    planned = simulate(*pools, Policy(Assigning.OURS, plans=True, sharing=False), PLAIN)
    assert (planned.promised, planned.kept, planned.refused) == (2, 2, 1)
    without = simulate(*pools, OURS, PLAIN)
    assert (without.refused, without.given_up) == (0, 1)


def test_plans_keep_a_vehicle_for_what_was_promised() -> None:
    rides = demand((0, 40_000, 5, 6), (39_000, 39_000, 5, 9), stay_s=600)
    pools = street(), fleet(5), rides
    planned = simulate(*pools, Policy(Assigning.NEAREST, plans=True, sharing=False), PLAIN)
    assert planned.kept == planned.promised == 1
    house = House(prepare_s=0, board_s=0, turnaround_s=0, lead_s=0)
    assert simulate(*pools, NEAREST, house).rides.fate == (Fate.GIVEN_UP, Fate.SERVED)


def test_who_is_bound_next_counts_on_a_stay_that_lasts_longer() -> None:
    # The vehicle at 5 should be back as the second begins; the one at 3 has nothing to do.
    rides = demand((0, 10_000, 5, 6), (100, 22_000, 5, 6), stay_s=10_000)
    rides = replace(rides, over_s=np.array([3_000.0, 0.0]))
    policy = Policy(Assigning.OURS, plans=True, sharing=False)
    for over_share, kept in ((0.0, 1), (0.3, 2)):
        told = simulate(street(), fleet(5, 3), rides, policy, replace(PLAIN, over_share=over_share))
        assert (told.promised, told.kept) == (2, kept)


def test_two_who_agree_share_one_vehicle_and_else_each_has_one() -> None:
    house = House(board_s=0)
    rides = ((0, 3_000, 2, 8), (10, 3_000, 2, 8))
    sharing = Policy(Assigning.OURS, plans=False, sharing=True)
    shared = simulate(street(), fleet(0, 0), demand(*rides, shares=True), sharing, house)
    alone = simulate(street(), fleet(0, 0), demand(*rides), sharing, house)
    assert (shared.shared, shared.shared_km, shared.ridden_km) == (2, 6.0, 6.0)
    assert (alone.shared, alone.shared_km, alone.ridden_km) == (0, 0.0, 12.0)


def test_a_driver_works_no_longer_than_the_day_allows() -> None:
    house = House(day_s=4 * 3_600, week_s=6 * 3_600, board_s=0)
    day = [
        (d * DAY_S + h * 3_600.0, d * DAY_S + h * 3_600.0, 0, 1) for d in (0, 1) for h in (8, 12)
    ]
    told = simulate(street(), fleet(0), demand(*day, stay_s=3 * 3_600), FIRST, house)
    assert told.served == 1
    assert told.duty_most_h <= 4


def test_more_vehicles_serve_more_and_the_smallest_that_will_do_is_told(
    small: tuple[Network, Fleet, Demand],
) -> None:
    sized = size_fleet(*small, Policy(), [2, 7, 20])
    shares = [one.outcome.in_time_share for one in sized]
    assert shares == sorted(shares)
    assert [len(one.outcome.rides.fate) for one in sized] == [len(small[2])] * 3
    assert smallest(sized, shares[1]) == 7
    assert smallest(sized, 1.01) is None


def test_equal_duty_is_nought_and_one_who_does_all_is_nearly_one() -> None:
    assert gini(np.full(10, 3.0)) == pytest.approx(0)
    assert gini(np.array([0.0] * 9 + [5.0])) == pytest.approx(0.9)
    assert gini(np.zeros(4)) == 0


def test_places_that_the_network_does_not_have_are_refused() -> None:
    with pytest.raises(ValueError, match="place that the network"):
        simulate(street(), fleet(0), demand((0, 0, 0, 11)), FIRST)
