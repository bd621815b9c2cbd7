"""Inserting one request into 500 running routes, with windows, seats, longest rides and shifts.

An invented evening: vehicles with passengers aboard and others promised, in a city of 30 km. Told
is the search for the cheapest place, which is what somebody who asks waits for; and how many pairs
of places there were. The routes come from inserting one request after another.
"""

import time

import numpy as np

from dispatch.sharing import LiveRoutes, Problem, Requests, Vehicles, ride_limits
from dispatch.sharing.arrays import NONE, Floats
from loadtests.measuring import Figure, Place

VEHICLES = 500
REQUESTS = 1_600
ASKED = 100
SIDE_M = 30_000.0
SPEED_MS = 8.0


def run(place: Place) -> list[Figure]:  # noqa: ARG001
    """Measure each of the last requests on the routes that hold all others."""
    live = LiveRoutes(_problem(np.random.default_rng(7)))
    for request in range(REQUESTS - ASKED):
        live.insert(request)
    spent_ms, found = [], 0
    for request in range(REQUESTS - ASKED, REQUESTS):
        before_s = time.process_time()
        found += live.cheapest(request) is not None
        spent_ms.append((time.process_time() - before_s) * 1e3)
    stops = [len(route) for route in live.plan.routes]
    pairs = sum((k + 1) * (k + 2) // 2 for k in stops)
    name = f"{VEHICLES} routes"
    return [
        Figure(f"{name}: one request, p50", float(np.median(spent_ms)), "ms", at_most=1.0),
        Figure(f"{name}: one request, p99", float(np.percentile(spent_ms, 99)), "ms"),
        Figure(f"{name}: stops a route", sum(stops) / len(stops), "stops"),
        Figure(f"{name}: pairs of places", pairs, "pairs"),
        Figure(f"{name}: found a place, of {ASKED}", found, "requests"),
    ]


def _problem(chance: np.random.Generator) -> Problem:
    stops = chance.uniform(0, SIDE_M, (2 * REQUESTS, 2))
    depots = chance.uniform(0, SIDE_M, (VEHICLES, 2))
    nodes = np.concatenate((stops, depots, depots))
    time_s: Floats = np.hypot(*(nodes[:, None] - nodes).transpose(2, 0, 1)) / SPEED_MS
    n, begin = REQUESTS, chance.uniform(0, 3 * 3600.0, REQUESTS)
    direct = np.diagonal(time_s[:n, n : 2 * n]).copy()
    ride = ride_limits(direct, np.full(n, 0.3), np.full(n, 600.0))
    every, fleet = np.ones(n), np.ones(VEHICLES)
    return Problem.of(
        Requests(
            chance.choice((1.0, 1.0, 2.0), n),
            begin, begin + 1200.0, every * 60.0,
            begin, begin + 1200.0 + ride + 60.0, every * 60.0,
            ride, np.full(n, NONE), np.zeros(n),
        ),
        Vehicles(fleet * 4.0, fleet * 0.0, fleet * 6 * 3600.0, fleet * 5 * 3600.0),
        time_s,
    )  # fmt: skip
