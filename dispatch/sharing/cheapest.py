"""The cheapest insertion of one request into any of many routes."""

import math

from dispatch.sharing.arrays import NONE, Fleet, Routes, Stops
from dispatch.sharing.chance import Chance
from dispatch.sharing.compiled import compiled
from dispatch.sharing.insertion import Asked, Scratch, cheapest


@compiled
def cheapest_of_all(
    stops: Stops, fleet: Fleet, routes: Routes, asked: Asked, scratch: Scratch, chance: Chance
) -> tuple[int, int, int, float]:
    """Return vehicle, positions of pickup and delivery, and the cost added; NONE: nowhere.

    Of equally cheap ones the lowest number of a vehicle, then the earliest pickup.
    """
    best, best_v, best_i, best_j = math.inf, NONE, NONE, NONE
    for v in range(len(routes.size)):
        added, i, j = cheapest(stops, fleet, routes, v, asked, scratch, best, 0.0, chance)
        if added < best:
            best, best_v, best_i, best_j = added, v, i, j
    return best_v, best_i, best_j, best
