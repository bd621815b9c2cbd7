"""Fewest vehicles first, then least cost: as Li and Lim's instances, and a short day, want it.

Christiaens and Vanden Berghe 2020, section 5.4: a route is dissolved, that of the requests which
were left out least often, and the others take them in or the route comes back.
"""

from collections.abc import Sequence

import numpy as np

from dispatch.sharing.anneal import Search, cost_of
from dispatch.sharing.arrays import NONE
from dispatch.sharing.chance import Chance, chance_of
from dispatch.sharing.changes import copy_route, forget_places, refresh, say_places
from dispatch.sharing.problem import Problem
from dispatch.sharing.routes import Plan, plan_of
from dispatch.sharing.search import (
    Budget,
    Course,
    make_best,
    prepared,
    search_best,
    seated,
)

HOT = Course(hot=5.0)
"""Hotter than where cost alone counts: routes that are full leave few ways to a better plan."""


class _Part:
    """The first part of a budget, as a budget."""

    def __init__(self, budget: Budget, share: float) -> None:
        self._budget, self._share = budget, share

    def spent(self, steps: int) -> float:
        return self._budget.spent(steps) / self._share


def fewest_vehicles(
    problem: Problem,
    budget: Budget,
    seed: int,
    start: Sequence[Sequence[int]] | None = None,
    course: Course | None = None,
    share: float = 0.6,
) -> Plan:
    """Return a plan with as few vehicles as were found to do, and with those the cheapest.

    share: of the budget, for dissolving routes; what is left of it goes to the cost
    """
    course = course or HOT
    search, chance = prepared(problem, start, course), chance_of(seed)
    steps = _dissolve_while_possible(search, chance, _Part(budget, share), course)
    search_best(search, chance, budget, course, steps)
    return plan_of(problem, search.best)


def _dissolve_while_possible(search: Search, chance: Chance, budget: Budget, course: Course) -> int:
    """Leave the search at the fewest vehicles found; return the steps taken."""
    steps = seated(search, chance, budget, course)
    if _anybody_out(search):
        make_best(search)
        return steps
    while True:
        make_best(search)
        search.made.usable[:] = search.routes.size > 2
        v = _least_missed(search)
        if v == NONE or budget.spent(steps) >= 1.0:
            return steps
        search.made.usable[v] = False
        _dissolve(search, v)
        steps = seated(search, chance, budget, course, steps)
        if _anybody_out(search):
            search.made.usable[:] = search.best.size > 2
            _return_to_best(search)
            return steps


def _least_missed(search: Search) -> int:
    """Return the vehicle whose requests were left out least, of those that may be dissolved."""
    n, least, chosen = len(search.price), np.inf, NONE
    for v in np.flatnonzero(search.made.usable):
        nodes = search.routes.nodes[v, 1 : search.routes.size[v] - 1]
        requests = nodes[nodes < n]
        if 2 * len(requests) < len(nodes) or not search.ruined.movable[requests].all():
            continue
        missed = float(search.left_out[requests].sum())
        if missed < least:
            least, chosen = missed, int(v)
    return chosen


def _dissolve(search: Search, v: int) -> None:
    forget_places(search.routes, v)
    search.routes.nodes[v, 1] = search.routes.nodes[v, search.routes.size[v] - 1]
    search.routes.size[v] = 2
    refresh(search.stops, search.fleet, search.ways, search.routes, v)
    copy_route(search.routes, search.before, v)
    search.costs[0] = cost_of(search, search.lure)


def _return_to_best(search: Search) -> None:
    fleet_size = len(search.routes.size)
    for v in range(fleet_size):
        forget_places(search.routes, v)
    for v in range(fleet_size):
        copy_route(search.best, search.routes, v)
        copy_route(search.best, search.before, v)
        say_places(search.routes, v)
    search.costs[:] = cost_of(search, search.price)


def _anybody_out(search: Search) -> bool:
    n = len(search.price)
    return bool((search.routes.vehicle[n : 2 * n] == NONE).any())
