"""Insertion finds the cheapest place there is, and none where there is none."""

from itertools import combinations_with_replacement

import pytest

from dispatch.sharing import LiveRoutes
from tests.dispatch.sharing.checker import World, cost_of, objections
from tests.dispatch.sharing.worlds import problem_of, random_world


def by_trying_all(world: World, routes: list[list[int]], request: int) -> float | None:
    """Return the least cost of the routes with the request in any place that the checker allows."""
    n, found = len(world.asks), []
    for v, stops in enumerate(routes):
        for i, j in combinations_with_replacement(range(len(stops) + 1), 2):
            longer = [*stops[:i], request, *stops[i:j], n + request, *stops[j:]]
            tried = [*routes[:v], longer, *routes[v + 1 :]]
            if not objections(world, tried):
                found.append(cost_of(world, tried))
    return min(found, default=None)


@pytest.mark.parametrize("seed", range(4))
def test_each_insertion_is_the_cheapest_that_the_checker_allows(seed: int) -> None:
    world = random_world(seed, requests=6, vehicles=2, tight=1 + seed % 2)
    live = LiveRoutes(problem_of(world))
    refused = 0
    for request in range(len(world.asks)):
        routes = [list(route) for route in live.plan.routes]
        best = by_trying_all(world, routes, request)
        before, insertion = live.plan.cost, live.insert(request)
        if best is None:
            refused += 1
            assert insertion is None, f"seed {seed}, request {request}"
        else:
            assert insertion is not None, f"seed {seed}, request {request}"
            assert live.plan.cost == pytest.approx(best)
            assert insertion.added == pytest.approx(best - before)
        assert objections(world, live.plan.routes) == []
    assert refused < len(world.asks)


def test_somewhere_among_the_tight_worlds_a_request_finds_no_place() -> None:
    worlds = [random_world(seed, requests=8, vehicles=1, tight=2) for seed in range(4)]
    refusals = 0
    for world in worlds:
        live = LiveRoutes(problem_of(world))
        refusals += sum(live.insert(request) is None for request in range(8))
        assert objections(world, live.plan.routes) == []
    assert refusals > 0
