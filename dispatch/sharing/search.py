"""Large-neighbourhood search: better routes for a problem, by ruin and recreate.

Christiaens and Vanden Berghe 2020: slack induction by string removals. A search that is recorded
is capped by steps, so that the same seed gives the same answer on any machine; only a bench caps it
by the clock, with a budget of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dispatch.sharing.anneal import Search, anneal, cost_of, let_in
from dispatch.sharing.arrays import NONE, Floats, Ints, Routes
from dispatch.sharing.chance import Chance, chance_of
from dispatch.sharing.changes import copy_route
from dispatch.sharing.insertion import Scratch
from dispatch.sharing.memory import Known, memory_of
from dispatch.sharing.problem import Problem
from dispatch.sharing.recreate import Blinks, Recreate
from dispatch.sharing.routes import Plan, plan_of, routes_of
from dispatch.sharing.ruin import Ruin, Strings

STRETCH = 100
"""Steps between two looks at the budget."""
MOST_GLANCES = 0.2
"""Of all looks at a route."""
FEW_LOOKS = 200
"""Requests times vehicles, up to which routes are glanced at: of more, glances only disturb."""


class Budget(Protocol):
    """How long to search."""

    def spent(self, steps: int) -> float:
        """Return the share that is spent after so many steps; from 1 on the search ends."""


@dataclass(frozen=True, slots=True)
class Steps:
    """So many steps, rounded up to whole stretches."""

    count: int

    def spent(self, steps: int) -> float:
        """Return the share of the steps that are taken."""
        return steps / self.count if self.count > 0 else 1.0


_STRINGS = Strings()


@dataclass(frozen=True, slots=True)
class Course:
    """How to search.

    hot, cold: first and last temperature, in shares of the mean cost of a way to the next stop
    lure: what leaving somebody out costs while searching, in the same shares; `anneal` says why
    blink: how often a route is overlooked
    glances: how many routes are only glanced at while everybody is put in once
    place: how often a place is overlooked at a glance
    waiting: how much time between two windows counts beside time of travel, in nearness
    """

    strings: Strings = _STRINGS
    hot: float = 0.7
    cold: float = 0.02
    lure: float = 8.0
    blink: float = 0.01
    glances: float = 4.0
    place: float = 0.5
    waiting: float = 3.0


def improve(
    problem: Problem,
    budget: Budget,
    seed: int,
    start: Sequence[Sequence[int]] | None = None,
    course: Course | None = None,
) -> Plan:
    """Return the cheapest plan that was found; those left out cost their price.

    start: routes to begin with; they keep their limits
    """
    course = course or Course()
    search, chance = prepared(problem, start, course), chance_of(seed)
    search_best(search, chance, budget, course)
    return plan_of(problem, search.best)


def search_best(
    search: Search, chance: Chance, budget: Budget, course: Course, steps: int = 0
) -> None:
    """Search from where the search is, until the budget is spent; `search.best` has the answer."""
    anneal(search, course.strings, chance, STRETCH, mean_way(search), _blinks(search, course))
    steps += STRETCH
    start_at, scale = budget.spent(steps), mean_way(search)
    search.lure[:] = np.minimum(search.price, course.lure * scale)
    search.costs[0] = cost_of(search, search.lure)
    while (spent := budget.spent(steps)) < 1.0:
        share = (spent - start_at) / (1.0 - start_at)
        temperature = scale * course.hot * (course.cold / course.hot) ** share
        anneal(search, course.strings, chance, STRETCH, temperature, _blinks(search, course))
        steps += STRETCH


def seated(search: Search, chance: Chance, budget: Budget, course: Course, steps: int = 0) -> int:
    """Look for places for everybody; return the steps taken so far."""
    while budget.spent(steps) < 1.0:
        temperature = mean_way(search) * course.hot / 2
        done = let_in(search, course.strings, chance, STRETCH, temperature, _blinks(search, course))
        steps += STRETCH
        if done:
            break
    return steps


def prepared(problem: Problem, start: Sequence[Sequence[int]] | None, course: Course) -> Search:
    """Return a search that stands at its start."""
    n, fleet_size = problem.n, len(problem.fleet.capacity)
    routes, before, best = (routes_of(problem, start) for _ in range(3))
    width = routes.nodes.shape[1] + 2
    is_kept = (problem.aboard != NONE) | _is_fixed(problem, routes)
    search = Search(
        problem.stops, problem.fleet, problem.ways, problem.price, problem.price.copy(),
        routes, before, best,
        costs=np.zeros(2), left_out=np.zeros(n),
        ruined=Ruin(
            near=nearness(problem, course.waiting),
            movable=~is_kept,
            removed=np.zeros(n, dtype=np.int64),
            routes=np.zeros(fleet_size, dtype=np.int64),
            is_ruined=np.zeros(fleet_size, dtype=np.bool_),
            counts=np.zeros(2, dtype=np.int64),
        ),
        made=Recreate(
            known=Known(
                likeness=np.full((n, fleet_size), NONE),
                added=np.zeros((n, fleet_size)),
                i=np.full((n, fleet_size), NONE),
                j=np.full((n, fleet_size), NONE),
            ),
            memory=memory_of(n, fleet_size),
            order=np.zeros(n, dtype=np.int64),
            counts=np.zeros(1, dtype=np.int64),
            keys=np.zeros(n),
            usable=np.ones(fleet_size, dtype=np.bool_),
            touched=np.zeros(fleet_size, dtype=np.bool_),
            is_kind_seen=np.zeros(fleet_size, dtype=np.bool_),
            unsure=np.zeros(fleet_size, dtype=np.int64),
            scratch=scratch_of(width, len(problem.stops.earliest)),
        ),
    )  # fmt: skip
    search.costs[:] = cost_of(search, search.price)
    return search


def scratch_of(width: int, nodes: int) -> Scratch:
    """Return room for a route of so many nodes, of so many that there are."""
    return Scratch(
        np.zeros(width, dtype=np.int64), np.zeros(width), np.zeros(width),
        np.zeros(nodes, dtype=np.int64),
    )  # fmt: skip


def _blinks(search: Search, course: Course) -> Blinks:
    """Return how often what is overlooked: the smaller the problem, the more often at glances.

    Within a route insertion knows the cheapest place alone; of a few requests for one vehicle there
    are orders that no sequence of cheapest places leads to.
    """
    looks = len(search.price) * len(search.routes.size)
    if looks > FEW_LOOKS:
        return Blinks(course.blink, 0.0, course.place)
    return Blinks(course.blink, min(MOST_GLANCES, course.glances / max(1, looks)), course.place)


def make_best(search: Search) -> None:
    """Say that the routes now are the best."""
    search.costs[:] = cost_of(search, search.price)
    for v in range(len(search.routes.size)):
        copy_route(search.routes, search.best, v)


def nearness(problem: Problem, waiting: float) -> Ints:
    """Return by stop all stops from near to far: in travel, and in when they are to be served."""
    stops, both = problem.stops, 2 * problem.n
    early, late = stops.earliest[:both], stops.latest[:both]
    between = np.maximum(early[:, None] - late, early - late[:, None])
    apart: Floats = problem.ways.time[:both, :both] + waiting * np.maximum(between, 0.0)
    return np.argsort(apart, axis=1, kind="stable").astype(np.int64)


def mean_way(search: Search) -> float:
    """Return the mean cost of a way to the next stop; of any way, while there are no routes."""
    ways = int((search.routes.size[search.routes.size > 2] - 1).sum())
    total = float(search.routes.total.sum())
    return total / ways if ways and total > 0 else float(search.ways.cost.mean()) / 4 + 1e-9


def _is_fixed(problem: Problem, routes: Routes) -> np.typing.NDArray[np.bool_]:
    """Return by request whether its pickup is settled already."""
    fixed = np.zeros(problem.n, dtype=np.bool_)
    for v, last in enumerate(problem.fleet.fixed):
        for node in routes.nodes[v, 1 : last + 1]:
            fixed[node % problem.n] = True
    return fixed
