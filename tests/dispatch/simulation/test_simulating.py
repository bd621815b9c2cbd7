"""The simulated city, by hand where it can be reckoned, and policies beside one another."""

from dataclasses import dataclass

import numpy as np
import pytest

from dispatch.simulation.city import City
from dispatch.simulation.policies import Batch, GreedyNearest, Improving, Policy
from dispatch.simulation.scenario import Day, Scenario, StraightWays, day_of
from dispatch.simulation.simulate import simulate

METRE_A_SECOND = StraightWays(detour_factor=1.0, speed_kmh=3.6)
SMALL = Scenario(vehicles=20, requests_an_hour=36, hours=1.0, side_m=9_000)
FULL = Scenario(vehicles=20, requests_an_hour=52, hours=3.0, side_m=9_000)


def day(vehicles: list[float], requests: list[tuple[float, float, float]]) -> Day:
    """A street: vehicles at metres; rides as (asked_s, metres, ride_s) end where they began."""
    places = np.array([[metres, 0.0] for _, metres, _ in requests])
    return Day(
        vehicles=np.array([[metres, 0.0] for metres in vehicles]),
        asked_s=np.array([asked for asked, _, _ in requests]),
        origins=places,
        destinations=places,
        ride_s=np.array([ride for _, _, ride in requests]),
    )


def test_a_ride_is_waited_for_as_long_as_the_vehicle_drives() -> None:
    outcome = simulate(day([0.0, 5000.0], [(0.0, 600.0, 60.0)]), GreedyNearest(), METRE_A_SECOND)
    assert (outcome.requests, outcome.served) == (1, 1)
    assert outcome.wait_mean_min == pytest.approx(10)
    assert outcome.empty_km == pytest.approx(0.6)


def test_who_comes_second_waits_until_the_vehicle_is_free() -> None:
    outcome = simulate(
        day([0.0], [(0.0, 300.0, 60.0), (10.0, 600.0, 60.0)]), GreedyNearest(), METRE_A_SECOND
    )
    assert outcome.wait_mean_min == pytest.approx((300 + (300 + 60 + 300 - 10)) / 60 / 2)


def test_a_batch_looks_only_when_it_is_its_turn() -> None:
    outcome = simulate(day([0.0], [(1.0, 0.0, 60.0)]), Batch(every_s=10.0), METRE_A_SECOND)
    assert outcome.wait_mean_min == pytest.approx(9 / 60)


def test_ours_assigns_at_once_while_vehicles_are_free() -> None:
    outcome = simulate(day([0.0], [(1.0, 0.0, 60.0)]), Improving(), METRE_A_SECOND)
    assert outcome.wait_mean_min == 0


def test_a_vehicle_that_passes_takes_over_and_the_way_driven_counts() -> None:
    """The second vehicle gets free beside the passenger while the first is still far."""
    busy_beside = day([1000.0, 0.0], [(0.0, 1000.0, 120.0), (1.0, 900.0, 60.0)])
    outcome = simulate(busy_beside, Improving(slack_s=600), METRE_A_SECOND)
    assert outcome.changes == 1
    assert outcome.late == 0
    turned_s = 130 - 1  # rides are looked through at 10, 40, 70, 100, 130 s
    assert outcome.empty_km == pytest.approx((turned_s + 100) / 1000)


def test_a_vehicle_on_its_way_is_where_its_time_has_brought_it() -> None:
    city = City(day([0.0], [(0.0, 600.0, 60.0)]), METRE_A_SECOND)
    city.go_on(0.0)
    city.send(0, 0)
    city.go_on(200.0)
    assert city.arrivals_s(np.array([0]), np.array([0]))[0, 0] == pytest.approx(400)


@pytest.mark.parametrize("policy", [GreedyNearest(), Batch(), Improving()])
def test_everybody_is_served_and_a_seed_gives_one_outcome(policy: Policy) -> None:
    outcome = simulate(day_of(SMALL, seed=4), policy)
    assert outcome.served == outcome.requests > 20
    assert simulate(day_of(SMALL, seed=4), policy) == outcome


@pytest.mark.parametrize("slack_s", [0.0, 300.0])
def test_nobody_is_picked_up_later_than_told(slack_s: float) -> None:
    assert simulate(day_of(SMALL, seed=5), Improving(slack_s=slack_s)).late == 0


def test_near_saturation_ours_halves_the_waiting_of_greedy_nearest() -> None:
    told = day_of(FULL, seed=6)
    ours, greedy = simulate(told, Improving()), simulate(told, GreedyNearest())
    assert ours.wait_mean_min <= greedy.wait_mean_min / 2
    assert ours.empty_km <= greedy.empty_km


def test_other_travel_times_can_be_simulated() -> None:
    @dataclass(frozen=True)
    class Slow(StraightWays):
        speed_kmh: float = 15.0

    told = day_of(Scenario(vehicles=20, requests_an_hour=5), seed=1)
    usual = simulate(told, GreedyNearest()).wait_mean_min
    assert simulate(told, GreedyNearest(), Slow()).wait_mean_min > usual * 1.5


def test_a_day_without_requests_is_over() -> None:
    outcome = simulate(day_of(Scenario(vehicles=3, requests_an_hour=1e-9), seed=1), Improving())
    assert (outcome.requests, outcome.empty_km) == (0, 0.0)


@pytest.mark.parametrize(
    "wrong", [{"vehicles": 0}, {"hours": 0.0}, {"ride_min": (5.0, 1.0)}, {"requests_an_hour": -1.0}]
)
def test_a_scenario_without_a_city_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        Scenario(**{"vehicles": 1, "requests_an_hour": 1.0, **wrong})  # type: ignore[arg-type]
