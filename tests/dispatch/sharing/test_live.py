"""Whatever happens to routes under way, no seat, window, ride, shift or detour limit is broken."""

import random
from collections.abc import Sequence
from dataclasses import replace
from math import inf

import numpy as np
import pytest

from dispatch.sharing import ContradictoryLimits, LiveRoutes, ride_limits
from tests.dispatch.sharing.checker import (
    Ask,
    Car,
    World,
    objections,
    objections_to_times,
)
from tests.dispatch.sharing.worlds import problem_of, random_world, world_of


def assert_kept(world: World, live: LiveRoutes, what: str) -> None:
    routes = live.plan.routes
    assert objections(world, routes) == [], what
    for v, stops in enumerate(routes):
        begins = live.schedule(v).begins
        assert objections_to_times(world, v, stops, begins) == [], f"{what}, vehicle {v}"


def later(world: World, v: int, until: float) -> World:
    cars = list(world.cars)
    cars[v] = replace(cars[v], shift=(max(cars[v].shift[0], until), cars[v].shift[1]))
    return replace(world, cars=cars)


def driven(world: World, live: LiveRoutes, v: int, stops_done: int) -> tuple[World, LiveRoutes]:
    """Let a vehicle serve its next stops: it starts anew where it is, with whoever is aboard."""
    n, schedule = len(world.asks), live.schedule(v)
    done = schedule.nodes[1 : 1 + stops_done]
    if len(done) < stops_done:
        return world, live
    asks, cars = list(world.asks), list(world.cars)
    travel = [list(row) for row in world.travel]
    here, at = done[-1], schedule.begins[stops_done]
    leaves = at + world.stay(here)
    for node in done:
        left = schedule.begins[schedule.nodes.index(node)] + world.stay(node)
        if node < n:
            asks[node] = replace(asks[node], aboard=v, boarded=left)
        else:  # over: out of everybody's way
            asks[node - n] = replace(asks[node - n], aboard=-1)
    left_start, car = schedule.begins[0], cars[v]
    cars[v] = Car(car.seats, (leaves, min(car.shift[1], left_start + car.duration_max)), inf)
    start = 2 * n + v
    travel[start] = [0.0 if to == start else world.travel[here][to] for to in range(len(travel))]
    gone = {node - n for node in done if node >= n}
    rest = list(live.plan.routes)
    rest[v] = tuple(rest[v][stops_done:])
    world = without(World(asks, cars, travel), gone)
    number = {r: k for k, r in enumerate(r for r in range(n) if r not in gone)}
    m = len(world.asks)
    routes = tuple(
        tuple(number[s] if s < n else m + number[s - n] for s in stops) for stops in rest
    )
    return started(world, routes)


def started(world: World, routes: Sequence[Sequence[int]]) -> tuple[World, LiveRoutes]:
    """Return the routes under way; whom no vehicle can serve any more gives up."""
    try:
        return world, LiveRoutes(problem_of(world), routes)
    except ContradictoryLimits as told:
        hopeless, n = told.facts["request"], len(world.asks)
        assert isinstance(hopeless, int)
    assert all(hopeless not in stops for stops in routes)
    shorter = [[s - (s > hopeless) - (s > n + hopeless) for s in stops] for stops in routes]
    return started(without(world, {hopeless}), shorter)


def without(world: World, gone: set[int]) -> World:
    n = len(world.asks)
    stay = [k for k in range(len(world.travel)) if k >= 2 * n or k % n not in gone]
    return World(
        [ask for r, ask in enumerate(world.asks) if r not in gone],
        world.cars,
        [[world.travel[a][b] for b in stay] for a in stay],
    )


@pytest.mark.parametrize("seed", range(6))
def test_no_limit_is_broken_by_any_course_of_events(seed: int) -> None:
    chance = random.Random(seed)
    world = random_world(seed, requests=12, vehicles=3)
    live = LiveRoutes(problem_of(world))
    happened = {"inserted": 0, "cancelled": 0, "delayed": 0, "driven": 0, "taken out": 0}
    for _ in range(40):
        event = chance.choice(("insert", "insert", "insert", "cancel", "delay", "drive"))
        request, v = chance.randrange(len(world.asks) or 1), chance.randrange(3)
        if event == "insert" and request in live.plan.left_out:
            happened["inserted"] += live.insert(request) is not None
        elif event == "cancel":
            happened["cancelled"] += live.cancel(request)
        elif event == "delay":
            until = live.schedule(v).begins[0] + chance.uniform(0, 25)
            taken = live.delay(v, until)
            if taken is not None:
                world = later(world, v, until)
                happened["delayed"] += 1
                happened["taken out"] += len(taken)
        elif event == "drive" and live.plan.routes[v]:
            stops = chance.randint(1, min(3, len(live.plan.routes[v])))
            world, live = driven(world, live, v, stops)
            happened["driven"] += 1
        assert_kept(world, live, f"seed {seed}, after {event}")
    assert min(happened["inserted"], happened["delayed"], happened["driven"]) > 0, happened


def test_the_events_above_do_take_requests_out_and_cancel() -> None:
    world = world_of(
        [Ask(1, (0, 10), (0, 60)), Ask(1, (0, 30), (0, 60))], [Car(4, (0, 100))],
        [(5, 0), (6, 0), (9, 0), (8, 0)], [(0, 0)],
    )  # fmt: skip
    live = LiveRoutes(problem_of(world))
    assert live.insert(0) is not None
    assert live.insert(1) is not None
    assert live.cancel(1)
    assert live.delay(0, 8.0) == (0,)
    assert live.plan.left_out == (0, 1)


def test_a_delay_that_those_aboard_cannot_bear_changes_nothing_and_says_so() -> None:
    aboard = Ask(1, (0, 5), (0, 100), ride_max=20, aboard=0, boarded=5)
    world = world_of([aboard], [Car(4, (5, 100))], [(0, 0), (10, 0)], [(0, 0)])
    live = LiveRoutes(problem_of(world))
    assert live.delay(0, 16.0) is None
    assert live.schedule(0).begins[1] == pytest.approx(15)
    assert live.delay(0, 14.0) == ()
    assert live.schedule(0).begins[1] == pytest.approx(24)


def test_a_passenger_aboard_cannot_be_cancelled() -> None:
    aboard = Ask(1, (0, 5), (0, 100), aboard=0, boarded=5)
    world = world_of([aboard], [Car(4, (5, 100))], [(0, 0), (10, 0)], [(0, 0)])
    assert not LiveRoutes(problem_of(world)).cancel(0)


def test_a_detour_limit_keeps_others_out_of_the_vehicle() -> None:
    longest = float(ride_limits(np.array([10.0]), np.array([0.2]), np.array([1.0]))[0])
    assert longest == pytest.approx(13)

    def places(ride_max: float) -> int:
        asks = [
            Ask(1, (0, 0), (0, 100), ride_max=ride_max),
            Ask(1, (0, 8), (0, 100)),
        ]
        points = [(0.0, 0.0), (5.0, 6.0), (10.0, 0.0), (5.0, -6.0)]
        live = LiveRoutes(problem_of(world_of(asks, [Car(4, (0, 200))], points, [(0, 0)])))
        return sum(live.insert(request) is not None for request in (0, 1))

    assert places(longest) == 1
    assert places(20.0) == 2
