"""Routes of an instance, held against its limits by the checker of our tests.

The checker shares no code with what made the routes (tests/dispatch/sharing/checker.py).
"""

from collections.abc import Sequence

import numpy as np

from loadtests.instances import Instance
from tests.dispatch.sharing.checker import Ask, Car, World, cost_of, objections


def cost_if_kept(instance: Instance, routes: Sequence[Sequence[int]]) -> float | None:
    """Return what the routes cost; None where one breaks a limit or somebody is left out."""
    world = _world(instance)
    served = sorted(stop for route in routes for stop in route)
    if served != list(range(2 * instance.n)) or objections(world, routes):
        return None
    return cost_of(world, routes)


def objections_to(instance: Instance, routes: Sequence[Sequence[int]]) -> list[str]:
    """Return what is wrong with routes; nothing where they keep all limits, whoever is left out."""
    return objections(_world(instance), routes)


def cost_of_served(instance: Instance, routes: Sequence[Sequence[int]]) -> float:
    """Return what the routes cost, whoever is left out."""
    return cost_of(_world(instance), routes)


def _world(instance: Instance) -> World:
    n, one = instance.n, instance
    points = np.concatenate((one.points[1:], np.repeat(one.points[:1], 2 * one.vehicles, axis=0)))
    asks = [
        Ask(
            float(one.load[r]),
            (float(one.earliest[r]), float(one.latest[r])),
            (float(one.earliest[n + r]), float(one.latest[n + r])),
            (float(one.service[r]), float(one.service[n + r])),
            one.ride_max,
        )
        for r in range(1, n + 1)
    ]
    shift = (float(one.earliest[0]), float(one.latest[0]))
    cars = [Car(one.seats, shift, one.duration_max)] * one.vehicles
    travel = np.linalg.norm(points[:, None] - points, axis=2)
    return World(asks, cars, travel.tolist())
