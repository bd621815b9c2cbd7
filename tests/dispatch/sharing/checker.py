"""An independent judge of routes: it shares no code with the kernel, and none of its ideas.

It is given the plain numbers of requests and vehicles and walks through the routes. Whether a
schedule exists is a system of difference constraints, which SciPy's linear solver decides; a
schedule that somebody claims is held against each limit by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, isinf

import numpy as np
from scipy.optimize import linprog

NEAR = 1e-5


@dataclass(frozen=True)
class Ask:
    """One request: windows are (from, until); `boarded` for whoever sits in `aboard` already."""

    seats: float
    pickup: tuple[float, float]
    delivery: tuple[float, float]
    services: tuple[float, float] = (0.0, 0.0)
    ride_max: float = inf
    aboard: int = -1
    boarded: float = 0.0


@dataclass(frozen=True)
class Car:
    """One vehicle and its shift."""

    seats: float
    shift: tuple[float, float]
    duration_max: float = inf


@dataclass(frozen=True)
class World:
    """Asks, cars and a travel time from each node to each; nodes as the kernel numbers them."""

    asks: Sequence[Ask]
    cars: Sequence[Car]
    travel: Sequence[Sequence[float]]

    def window(self, node: int) -> tuple[float, float]:
        n = len(self.asks)
        if node >= 2 * n:
            return self.cars[(node - 2 * n) % len(self.cars)].shift
        return self.asks[node].pickup if node < n else self.asks[node - n].delivery

    def stay(self, node: int) -> float:
        n = len(self.asks)
        return 0.0 if node >= 2 * n else self.asks[node % n].services[node // n]

    def whole(self, v: int, stops: Sequence[int]) -> list[int]:
        n = len(self.asks)
        return [2 * n + v, *stops, 2 * n + len(self.cars) + v]


def objections(world: World, routes: Sequence[Sequence[int]]) -> list[str]:
    """Return what is wrong with routes; nothing where some schedule keeps all limits."""
    wrong, n, seen = [], len(world.asks), set[int]()
    for v, stops in enumerate(routes):
        inside = {r for r, ask in enumerate(world.asks) if ask.aboard == v}
        for node in stops:
            if node in seen:
                wrong.append(f"stop {node} twice")
            seen.add(node)
            inside ^= {node % n}
            if (node < n) != (node % n in inside):
                wrong.append(f"request {node % n} out of order")
            if sum(world.asks[r].seats for r in inside) > world.cars[v].seats:
                wrong.append(f"vehicle {v} too full")
        if inside:
            wrong.append(f"vehicle {v} ends with {inside} aboard")
        if not _has_schedule(world, v, stops):
            wrong.append(f"vehicle {v} has no schedule")
    return wrong


def objections_to_times(
    world: World, v: int, stops: Sequence[int], begins: Sequence[float]
) -> list[str]:
    """Return what is wrong with the schedule claimed for a route, from its start to its end."""
    nodes, wrong, n = world.whole(v, stops), [], len(world.asks)
    at = dict(zip(nodes, begins, strict=True))
    for node in nodes:
        first, last = world.window(node)
        if not first - NEAR <= at[node] <= last + NEAR:
            wrong.append(f"window of {node}")
    for here, there in pairwise(nodes):
        if at[there] < at[here] + world.stay(here) + world.travel[here][there] - NEAR:
            wrong.append(f"too fast from {here} to {there}")
    for r in {node - n for node in stops if node >= n}:
        ask = world.asks[r]
        left = ask.boarded if ask.aboard == v else at[r] + world.stay(r)
        if at[n + r] - left > ask.ride_max + NEAR:
            wrong.append(f"ride of {r}")
    if at[nodes[-1]] - at[nodes[0]] > world.cars[v].duration_max + NEAR:
        wrong.append(f"shift of {v}")
    return wrong


def cost_of(world: World, routes: Sequence[Sequence[int]]) -> float:
    """Return the travel time of all routes."""
    return sum(
        world.travel[here][there]
        for v, stops in enumerate(routes)
        for nodes in [world.whole(v, stops)]
        for here, there in pairwise(nodes)
    )


def _has_schedule(world: World, v: int, stops: Sequence[int]) -> bool:
    """Whether a linear program finds instants that keep each limit."""
    nodes, n = world.whole(v, stops), len(world.asks)
    rows: list[tuple[int, int, float]] = []  # x[a] - x[b] <= bound
    for k in range(len(nodes) - 1):
        apart = world.stay(nodes[k]) + world.travel[nodes[k]][nodes[k + 1]]
        rows.append((k, k + 1, -apart))
    bounds = [world.window(node) for node in nodes]
    for k, node in enumerate(nodes):
        if not n <= node < 2 * n or isinf(world.asks[node - n].ride_max):
            continue
        ask = world.asks[node - n]
        if ask.aboard == v:
            bounds[k] = (bounds[k][0], min(bounds[k][1], ask.boarded + ask.ride_max))
        elif node - n in nodes:
            rows.append((k, nodes.index(node - n), ask.ride_max + world.stay(node - n)))
    if not isinf(world.cars[v].duration_max):
        rows.append((len(nodes) - 1, 0, world.cars[v].duration_max))
    if any(first > last + NEAR for first, last in bounds):
        return False
    matrix = np.zeros((len(rows), len(nodes)))
    for i, (a, b, _) in enumerate(rows):
        matrix[i, a], matrix[i, b] = 1.0, -1.0
    found = linprog(
        np.zeros(len(nodes)),
        A_ub=matrix,
        b_ub=[bound + NEAR for *_, bound in rows],
        bounds=[(first, max(first, last)) for first, last in bounds],
    )
    return bool(found.status == 0)
