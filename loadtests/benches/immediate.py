"""Immediate rides: days of an invented city under three policies, the same requests for each.

Whoever waited longest gets the nearest vehicle (greedy nearest); all who wait are matched every ten
seconds (batch); ours, which assigns at once at light load and improves what was promised until
pick-up, without picking anybody up later than told.
"""

import time
from collections.abc import Sequence

from dispatch.simulation.policies import Batch, GreedyNearest, Improving, Policy
from dispatch.simulation.scenario import (
    LARGE,
    LARGE_SATURATED,
    LIGHT,
    SATURATED,
    Scenario,
    day_of,
)
from dispatch.simulation.simulate import Outcome, simulate
from loadtests.measuring import Figure, Place

SEEDS = (1, 2, 3)
POLICIES: dict[str, Policy] = {
    "greedy nearest": GreedyNearest(),
    "batch": Batch(),
    "ours": Improving(),
}


def run(place: Place) -> list[Figure]:  # noqa: ARG001
    """Measure light load, near saturation, and a larger city before and near saturation."""
    return [
        *_scenario("light load", LIGHT, waiting_at_most=1.02, empty_at_most=None),
        *_scenario("near saturation", SATURATED, waiting_at_most=0.5, empty_at_most=1.0),
        *_scenario("large", LARGE, waiting_at_most=1.0, empty_at_most=1.0),
        *_scenario(
            "large, near saturation", LARGE_SATURATED, waiting_at_most=0.5, empty_at_most=1.0
        ),
    ]


def _scenario(
    name: str, scenario: Scenario, *, waiting_at_most: float, empty_at_most: float | None
) -> list[Figure]:
    days = [day_of(scenario, seed) for seed in SEEDS]
    outcomes: dict[str, list[Outcome]] = {}
    figures = []
    for policy, way in POLICIES.items():
        before_s = time.process_time()
        told = outcomes[policy] = [simulate(day, way) for day in days]
        spent_s = time.process_time() - before_s
        hours = scenario.hours * len(days)
        figures += [
            Figure(f"{name}, {policy}: mean waiting", _mean(told, "wait_mean_min"), "min"),
            Figure(f"{name}, {policy}: p95 waiting", _mean(told, "wait_p95_min"), "min"),
            Figure(f"{name}, {policy}: empty a ride", _mean(told, "empty_km_a_ride"), "km"),
            Figure(f"{name}, {policy}: served", sum(one.served for one in told), "rides"),
            Figure(f"{name}, {policy}: CPU an hour of the city", spent_s / hours, "s"),
        ]
    greedy, ours = outcomes["greedy nearest"], outcomes["ours"]
    waiting = _mean(ours, "wait_mean_min") / _mean(greedy, "wait_mean_min")
    empty = _mean(ours, "empty_km_a_ride") / _mean(greedy, "empty_km_a_ride")
    late = sum(one.late for one in ours)
    return [
        *figures,
        Figure(f"{name}: waiting, ours / greedy", waiting, "×", at_most=waiting_at_most),
        Figure(f"{name}: empty distance, ours / greedy", empty, "×", at_most=empty_at_most),
        Figure(f"{name}, ours: picked up later than told", late, "rides", at_most=0),
    ]


def _mean(outcomes: Sequence[Outcome], name: str) -> float:
    return sum(float(getattr(outcome, name)) for outcome in outcomes) / len(outcomes)
