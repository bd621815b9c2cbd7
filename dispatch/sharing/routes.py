"""Routes made from lists of nodes, and read back as values."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from dispatch.sharing.arrays import NONE, Routes
from dispatch.sharing.changes import refresh
from dispatch.sharing.errors import BrokenRoute, UnfitProblem
from dispatch.sharing.problem import Problem

MOST_ORDERED = 6
"""Of so many aboard one vehicle all orders of setting them down are tried."""

Sequences = tuple[tuple[int, ...], ...]
"""By vehicle, the stops of its route in their order, without start and end."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A solution: routes, who is left out, and what the routes cost."""

    routes: Sequences
    left_out: tuple[int, ...]
    cost: float

    @property
    def used(self) -> int:
        """How many vehicles leave their start for somebody."""
        return sum(1 for route in self.routes if route)


def no_routes(problem: Problem, width: int | None = None) -> Routes:
    """Return routes that hold starts and ends only; what is kept of them isn't set yet.

    width: how many nodes a route may have, start and end among them
    """
    n, fleet_size = problem.n, len(problem.fleet.capacity)
    width = 2 * n + 2 if width is None else width
    own = np.arange(fleet_size)
    nodes = np.zeros((fleet_size, width), dtype=np.int64)
    nodes[:, 0], nodes[:, 1] = 2 * n + own, 2 * n + fleet_size + own
    vehicle = np.concatenate((np.full(2 * n, NONE), own, own))
    early, late, load, time, cost = (np.zeros((fleet_size, width)) for _ in range(5))
    return Routes(
        nodes=nodes,
        size=np.full(fleet_size, 2),
        early=early,
        late=late,
        load=load,
        time=time,
        cost=cost,
        total=np.zeros(fleet_size),
        likeness=np.zeros(fleet_size, dtype=np.int64),
        vehicle=vehicle,
        place=np.zeros(len(vehicle), dtype=np.int64),
    )


def routes_of(problem: Problem, sequences: Sequence[Sequence[int]] | None = None) -> Routes:
    """Return routes with these stops; unless said, those aboard are set down the cheapest way.

    Raises UnfitProblem when a stop stands twice, a passenger is set down before being picked up or
    by another vehicle; BrokenRoute when a route doesn't keep its limits.
    """
    routes = no_routes(problem)
    if sequences is None:
        sequences = [_set_down(problem, routes, v) for v in range(len(routes.size))]
    _check(problem, sequences)
    for v, stops in enumerate(sequences):
        _lay(routes, v, stops)
        routes.vehicle[list(stops)] = v
    for v in range(len(sequences)):
        if not refresh(problem.stops, problem.fleet, problem.ways, routes, v):
            raise BrokenRoute(f"The route of vehicle {v} doesn't keep its limits.", vehicle=v)
    return routes


def plan_of(problem: Problem, routes: Routes) -> Plan:
    """Return the routes as values."""
    sequences = tuple(
        tuple(int(node) for node in routes.nodes[v, 1 : routes.size[v] - 1])
        for v in range(len(routes.size))
    )
    served = {node - problem.n for route in sequences for node in route if node >= problem.n}
    left_out = tuple(r for r in range(problem.n) if r not in served)
    return Plan(sequences, left_out, float(routes.total.sum()))


def _set_down(problem: Problem, routes: Routes, v: int) -> Sequence[int]:
    """Return the deliveries of those aboard a vehicle in the cheapest order that keeps all limits.

    Of many, and where there is none, the most urgent first.
    """
    aboard = problem.n + np.flatnonzero(problem.aboard == v)
    urgent = sorted(aboard.tolist(), key=lambda node: float(problem.stops.latest[node]))
    best, least = urgent, math.inf
    for order in permutations(urgent) if 1 < len(urgent) <= MOST_ORDERED else ():
        _lay(routes, v, order)
        is_kept = refresh(problem.stops, problem.fleet, problem.ways, routes, v)
        if is_kept and routes.total[v] < least:
            best, least = list(order), float(routes.total[v])
    return best


def _lay(routes: Routes, v: int, stops: Sequence[int]) -> None:
    """Write the stops of a route between its start and its end."""
    end, size = routes.nodes[v, routes.size[v] - 1], len(stops) + 2
    routes.nodes[v, 1 : size - 1] = stops
    routes.nodes[v, size - 1], routes.size[v] = end, size


def _check(problem: Problem, sequences: Sequence[Sequence[int]]) -> None:
    n, seen = problem.n, set[int]()
    if len(sequences) != len(problem.fleet.capacity):
        raise UnfitProblem("There must be one route for each vehicle.")
    for v, stops in enumerate(sequences):
        own = set[int]()
        for node in stops:
            if not 0 <= node < 2 * n or node in seen:
                raise UnfitProblem(f"Stop {node} stands twice, or is no stop at all.")
            seen.add(node)
            own.add(node)
            r = node - n
            if r >= 0 and (problem.aboard[r] != v if r not in own else problem.aboard[r] != NONE):
                raise UnfitProblem(f"Request {r} is set down by a vehicle that doesn't carry it.")
    for r in range(n):
        is_down, is_up = n + r in seen, r in seen
        if is_up and not is_down:
            raise UnfitProblem(f"Request {r} is picked up and never set down.")
        if problem.aboard[r] != NONE and (is_up or not is_down):
            raise UnfitProblem(f"Request {r} is aboard, and its vehicle must set it down.")
