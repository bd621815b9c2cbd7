"""Stops that are settled stay where they are, whatever happens to the rest of the route."""

import random
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.sharing import LiveRoutes, Problem, Steps, fewest_vehicles, improve
from tests.dispatch.sharing.checker import World, objections
from tests.dispatch.sharing.worlds import problem_of, random_world

Routes = tuple[tuple[int, ...], ...]
VEHICLES = 3


def under_way(seed: int) -> tuple[World, Problem, LiveRoutes, Routes]:
    """Return routes of which so many stops are settled, and those stops."""
    chance = random.Random(seed)
    world = random_world(seed, requests=12, vehicles=VEHICLES)
    problem = problem_of(world)
    live = LiveRoutes(problem)
    for request in range(8):
        live.insert(request)
    routes = live.plan.routes
    settled = tuple(stops[: chance.randint(0, len(stops))] for stops in routes)
    fixed = np.array([len(stops) for stops in settled])
    problem = replace(problem, fleet=problem.fleet._replace(fixed=fixed))
    return world, problem, LiveRoutes(problem, routes), settled


def beginnings(routes: Routes, settled: Routes) -> Routes:
    return tuple(stops[: len(kept)] for stops, kept in zip(routes, settled, strict=True))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_nothing_comes_before_a_settled_stop_and_none_is_taken_out(seed: int) -> None:
    chance = random.Random(seed)
    world, _, live, settled = under_way(seed)
    n, called = len(world.asks), {node for stops in settled for node in stops}
    for _ in range(20):
        event = chance.choice(("insert", "cancel", "delay"))
        request, v = chance.randrange(n), chance.randrange(VEHICLES)
        if event == "insert" and request in live.plan.left_out:
            live.insert(request)
        elif event == "cancel":
            assert not (live.cancel(request) and request in called)
        elif event == "delay":
            begins = live.schedule(v).begins[0]
            taken = live.delay(v, begins + chance.uniform(0, 20))
            assert not called & set(taken or ())
        assert beginnings(live.plan.routes, settled) == settled, event
        assert objections(world, live.plan.routes) == [], event


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_search_leaves_settled_stops_and_whoever_has_one_in_their_vehicle(seed: int) -> None:
    world, problem, live, settled = under_way(seed)
    n, routes = len(world.asks), live.plan.routes
    for plan in (
        improve(problem, Steps(200), seed, start=routes),
        fewest_vehicles(problem, Steps(200), seed, start=routes),
    ):
        assert beginnings(plan.routes, settled) == settled
        assert objections(world, plan.routes) == []
        for stops, kept in zip(plan.routes, settled, strict=True):
            assert {node % n for node in kept} <= {node - n for node in stops if node >= n}
