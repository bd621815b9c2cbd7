"""The search finds the optimum of small problems, the same one each time, and keeps all limits."""

import random
from functools import cache
from itertools import product
from math import inf

import pytest

from dispatch.sharing import Problem, Steps, fewest_vehicles, improve
from tests.dispatch.sharing.checker import Ask, Car, World, cost_of, objections
from tests.dispatch.sharing.worlds import problem_of, random_world, world_of

PRICE = 1000.0


def optimum(world: World) -> float:
    """Return the least cost of all routes there are, and PRICE for each who is left out."""
    n, fleet_size = len(world.asks), len(world.cars)

    @cache
    def alone(v: int, requests: tuple[int, ...]) -> float:
        best = inf
        for stops in orders([], frozenset(requests)):
            routes = [stops if k == v else [] for k in range(fleet_size)]
            cost = cost_of(world, routes)
            if cost < best and not objections(world, routes):
                best = cost
        return best

    def orders(done: list[int], left: frozenset[int]) -> list[list[int]]:
        inside = [s for s in done if s < n and n + s not in done]
        found = [done] if not left and not inside else []
        for r in left:
            found += orders([*done, r], left - {r})
        for r in inside:
            found += orders([*done, n + r], left)
        return found

    best = inf
    for who in product(range(-1, fleet_size), repeat=n):
        out = sum(v == -1 for v in who) * PRICE
        cost = out
        for v in range(fleet_size):
            cost += alone(v, tuple(r for r in range(n) if who[r] == v))
        best = min(best, cost)
    return best


@pytest.mark.parametrize("seed", range(3))
def test_small_problems_are_solved_to_the_optimum(seed: int) -> None:
    world = random_world(seed, requests=3, vehicles=2, tight=1 + seed)
    plan = improve(problem_of(world, PRICE), Steps(1000), seed)
    assert objections(world, plan.routes) == []
    assert plan.cost == pytest.approx(cost_of(world, plan.routes))
    assert plan.cost + PRICE * len(plan.left_out) == pytest.approx(optimum(world)), seed


def few_for_one_vehicle(seed: int) -> World:
    """Return three requests with narrow windows at one end, for one vehicle with few seats."""
    chance = random.Random(seed)
    points = [(chance.uniform(-10, 10), chance.uniform(-10, 10)) for _ in range(6)]
    asks = []
    for _ in range(3):
        begin, by_pickup = chance.uniform(40, 60), chance.random() < 0.5
        asks.append(
            Ask(
                seats=chance.choice((1, 2)),
                pickup=(begin, begin + 15) if by_pickup else (0, 1000),
                delivery=(0, 1000) if by_pickup else (begin + 15, begin + 30),
                services=(1, 1),
                ride_max=30,
            )
        )
    return world_of(asks, [Car(chance.choice((3, 4)), (0, 480))], points, [(0, 0)])


@pytest.mark.parametrize("seed", [*range(5), 81, 117, 135])
def test_an_order_that_no_cheapest_places_lead_to_is_found(seed: int) -> None:
    world = few_for_one_vehicle(seed)
    plan = improve(problem_of(world, PRICE), Steps(3000), seed)
    assert objections(world, plan.routes) == []
    assert plan.cost + PRICE * len(plan.left_out) == pytest.approx(optimum(world))


def test_the_same_seed_gives_the_same_plan_and_keeps_all_limits() -> None:
    world = random_world(11, requests=24, vehicles=5)
    plans = [improve(problem_of(world), Steps(600), 5) for _ in range(2)]
    assert plans[0] == plans[1]
    assert objections(world, plans[0].routes) == []


def test_more_steps_from_a_plan_never_make_it_worse() -> None:
    problem: Problem = problem_of(random_world(12, requests=20, vehicles=4))
    first = improve(problem, Steps(100), 1)
    second = improve(problem, Steps(300), 2, start=first.routes)
    assert (len(second.left_out), second.cost) <= (len(first.left_out), first.cost)


def test_fewest_vehicles_serves_all_with_no_more_vehicles_than_needed() -> None:
    asks = [Ask(1, (10 * r, 10 * r + 15), (0, 400)) for r in range(6)]
    points = [(1.0, r / 10) for r in range(6)] + [(3.0, r / 10) for r in range(6)]
    world = world_of(asks, [Car(4, (0, 500))] * 4, points, [(0, 0)] * 4)
    plan = fewest_vehicles(problem_of(world), Steps(1000), 1)
    assert (plan.used, plan.left_out) == (1, ())
    assert objections(world, plan.routes) == []


def test_fewest_vehicles_keeps_everybody_where_one_vehicle_is_too_few() -> None:
    asks = [Ask(1, (10, 12), (0, 400)), Ask(1, (10, 12), (0, 400))]
    world = world_of(asks, [Car(4, (0, 500))] * 3, [(5, 0), (-5, 0), (5, 1), (-5, 1)], [(0, 0)] * 3)
    plan = fewest_vehicles(problem_of(world), Steps(1000), 1)
    assert (plan.used, plan.left_out) == (2, ())


def test_those_aboard_stay_in_their_vehicle() -> None:
    aboard = Ask(1, (0, 5), (0, 100), ride_max=30, aboard=1, boarded=5)
    waiting = Ask(1, (0, 60), (0, 100))
    world = world_of(
        [aboard, waiting], [Car(4, (5, 200))] * 2, [(0, 0), (3, 0), (10, 0), (12, 0)],
        [(9, 0), (0, 0)],
    )  # fmt: skip
    plan = improve(problem_of(world), Steps(300), 3)
    assert 2 in plan.routes[1]
    assert objections(world, plan.routes) == []
    assert plan.left_out == ()


def test_vehicles_that_end_elsewhere_than_they_start_are_put_to_use() -> None:
    world = world_of([Ask(1, (0, 60), (0, 100))], [Car(4, (0, 200))], [(3, 0), (8, 0)], [(0, 0)])
    travel = [list(row) for row in world.travel]
    travel[2][3] = 9.0
    plan = improve(problem_of(World(world.asks, world.cars, travel)), Steps(100), 1)
    assert plan.routes == ((0, 1),)


def test_those_aboard_are_set_down_in_the_order_that_keeps_all_limits() -> None:
    # On a line from 0: by deadlines the first would ride past the second, who comes too late then.
    far = Ask(1, (0, 0), (0, 11.0), aboard=0, boarded=0)
    near = Ask(1, (0, 0), (0, 11.5), aboard=0, boarded=0)
    points = [(0.0, 0.0), (0.0, 0.0), (10.0, 0.0), (1.0, 0.0)]
    problem = problem_of(world_of([far, near], [Car(4, (0, 100))], points, [(0.0, 0.0)]))
    plan = improve(problem, Steps(200), 1)
    assert plan.routes == ((3, 2),)
    assert plan.cost == pytest.approx(20.0)
