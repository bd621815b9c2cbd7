"""What is promised is kept, or refused when it is asked: far away, and within drivers' hours."""

from dataclasses import replace

import numpy as np
import pytest

from dispatch.simulation.weeks.running import Policy, simulate
from dispatch.simulation.weeks.words import Assigning, Fate
from tests.dispatch.simulation.weeks.streets import PLAIN, demand, fleet, street
from tests.dispatch.simulation.weeks.test_weeks import small_day

PLANS = Policy(Assigning.OURS, plans=True, sharing=False)
HOUR = 3_600.0


@pytest.mark.parametrize("plans", [True, False])
def test_a_booking_far_from_the_base_is_bound_early_enough_for_the_way(plans: bool) -> None:
    """The way takes nearly three hours, and plates are bound half an hour before."""
    house = replace(PLAIN, bind_s=1_800, lead_s=1_800, prepare_s=180)
    rides = demand((0, 40_000, 10, 9))
    told = simulate(street(), fleet(0), rides, replace(PLANS, plans=plans), house)
    assert told.rides.fate == (Fate.SERVED,)
    assert told.in_time == 1
    assert (told.promised, told.kept) == ((1, 1) if plans else (0, 0))


def test_what_no_vehicle_reaches_in_time_is_refused_when_it_is_asked() -> None:
    told = simulate(street(), fleet(0), demand((0, 5_000, 10, 9)), PLANS, PLAIN)
    assert (told.refused, told.promised) == (1, 0)


def test_drivers_hours_are_promised_once() -> None:
    """Three trips of five hours follow one another, but eleven hours are enough for two."""
    at = [(0.0, hour * HOUR, 0, 1) for hour in (5, 11, 17)]
    told = simulate(street(), fleet(0), demand(*at, stay_s=5 * HOUR - 2_000), PLANS, PLAIN)
    assert (told.promised, told.kept, told.refused) == (2, 2, 1)
    more = simulate(street(), fleet(0, 0), demand(*at, stay_s=5 * HOUR - 2_000), PLANS, PLAIN)
    assert (more.promised, more.kept) == (3, 3)


def test_a_week_has_no_more_hours_than_its_days_leave() -> None:
    at = [(0.0, (24 * day + 9) * HOUR, 0, 1) for day in range(5)]
    house = replace(PLAIN, week_s=44 * HOUR)
    told = simulate(street(), fleet(0), demand(*at, stay_s=9 * HOUR), PLANS, house)
    assert (told.promised, told.kept, told.refused) == (4, 4, 1)


def test_a_ride_at_once_leaves_a_promise_its_drivers_hours() -> None:
    house = replace(PLAIN, day_s=4 * HOUR)
    rides = demand((0, 14 * HOUR, 5, 6), (8 * HOUR, 8 * HOUR, 5, 6), stay_s=2.5 * HOUR)
    told = simulate(street(), fleet(5), rides, PLANS, house)
    assert told.rides.fate == (Fate.SERVED, Fate.GIVEN_UP)
    assert (told.promised, told.kept) == (1, 1)


def test_a_promise_moves_to_another_vehicle_where_a_ride_at_once_has_only_one() -> None:
    """The vehicle with many seats is nearer to the booking; only it can take ten at once."""
    rides = demand((0, 14 * HOUR, 5, 6), (13.5 * HOUR, 13.5 * HOUR, 5, 6), stay_s=2 * HOUR)
    rides = replace(rides, passengers=np.array([1, 10], dtype=np.int64))
    vehicles = fleet(5, 4)
    for seats in ([4, 12], [12, 4]):
        told = simulate(
            street(), replace(vehicles, seats=np.array(seats, dtype=np.int64)), rides, PLANS,
            replace(PLAIN, bind_s=600),
        )  # fmt: skip
        assert (told.served, told.promised, told.kept) == (2, 1, 1)


@pytest.mark.parametrize("vehicles", [1, 2, 3, 4])
def test_few_vehicles_promise_no_more_than_they_keep(vehicles: int) -> None:
    network, pool, asked = small_day(seed=3)
    asked = replace(asked, over_s=np.minimum(asked.over_s, 0.15 * asked.stay_s))
    told = simulate(network, pool.of(vehicles), asked, Policy())
    assert told.kept == told.promised > 0
