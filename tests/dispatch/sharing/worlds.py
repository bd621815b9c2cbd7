"""Small worlds of requests and vehicles, and the same ones as the kernel takes them."""

import random
from collections.abc import Sequence
from math import hypot, inf

import numpy as np

from dispatch.sharing import Problem, Requests, Vehicles
from tests.dispatch.sharing.checker import Ask, Car, World

Point = tuple[float, float]


def world_of(
    asks: Sequence[Ask], cars: Sequence[Car], points: Sequence[Point], starts: Sequence[Point]
) -> World:
    """Return a world on a plane; points: pickups, then deliveries; cars end at their start."""
    where = [*points, *starts, *starts]
    travel = [[hypot(a[0] - b[0], a[1] - b[1]) for b in where] for a in where]
    return World(asks, cars, travel)


def random_world(seed: int, requests: int, vehicles: int, *, tight: float = 1.0) -> World:
    """Return requests over three hours in a square of twenty minutes, and vehicles."""
    chance = random.Random(seed)
    points = [(chance.uniform(0, 20), chance.uniform(0, 20)) for _ in range(2 * requests)]
    asks = []
    for r in range(requests):
        direct = hypot(*(points[r][i] - points[requests + r][i] for i in (0, 1)))
        begin = chance.uniform(30, 150)
        asks.append(
            Ask(
                seats=chance.choice((1, 1, 2)),
                pickup=(begin, begin + chance.uniform(5, 40) / tight),
                delivery=(begin, begin + direct * chance.uniform(1.2, 3) + 45 / tight),
                services=(chance.uniform(0, 3), chance.uniform(0, 3)),
                ride_max=chance.choice((inf, direct * 1.3 + 8 / tight, direct + 15)),
            )
        )
    cars = [
        Car(chance.choice((3, 4)), (0, 300), chance.choice((inf, 140.0))) for _ in range(vehicles)
    ]
    starts = [(chance.uniform(0, 20), chance.uniform(0, 20)) for _ in range(vehicles)]
    return world_of(asks, cars, points, starts)


def problem_of(world: World, price: float | None = None) -> Problem:
    """Return the world as the kernel takes it."""
    asks, cars = world.asks, world.cars
    return Problem.of(
        Requests(
            np.array([a.seats for a in asks], dtype=float),
            np.array([a.pickup[0] for a in asks], dtype=float),
            np.array([a.pickup[1] for a in asks], dtype=float),
            np.array([a.services[0] for a in asks], dtype=float),
            np.array([a.delivery[0] for a in asks], dtype=float),
            np.array([a.delivery[1] for a in asks], dtype=float),
            np.array([a.services[1] for a in asks], dtype=float),
            np.array([a.ride_max for a in asks], dtype=float),
            np.array([a.aboard for a in asks]),
            np.array([a.boarded for a in asks], dtype=float),
        ),
        Vehicles(
            np.array([c.seats for c in cars], dtype=float),
            np.array([c.shift[0] for c in cars], dtype=float),
            np.array([c.shift[1] for c in cars], dtype=float),
            np.array([c.duration_max for c in cars], dtype=float),
        ),
        np.array(world.travel),
        price=None if price is None else np.full(len(asks), price),
    )
