"""One stretch of the search, compiled: ruin, recreate, accept or undo.

Christiaens and Vanden Berghe 2020, algorithm 1 (simulated annealing) and section 5.4 (fewer
vehicles). Requests that find no place stay out, at a price or until they are let in.
"""

import math
from typing import NamedTuple

from dispatch.sharing.arrays import NONE, Fleet, Floats, Routes, Stops, Ways
from dispatch.sharing.chance import Chance, uniform
from dispatch.sharing.changes import close_up, copy_route, forget_places, refresh, say_places
from dispatch.sharing.compiled import compiled
from dispatch.sharing.recreate import Blinks, Recreate, insert_all, put_in_order
from dispatch.sharing.ruin import Ruin, Strings, ruin


class Search(NamedTuple):
    """Everything that a search works on.

    price: by request, of leaving it out
    lure: the price that the search goes by, lower: a way to a better plan may leave somebody out
    routes: now; before: as they were before this step; best: the best that were found
    costs: [of the routes now, by the lure; of the best, by the price]
    left_out: by request, how often it was left out
    """

    stops: Stops
    fleet: Fleet
    ways: Ways
    price: Floats
    lure: Floats
    routes: Routes
    before: Routes
    best: Routes
    costs: Floats
    left_out: Floats
    ruined: Ruin
    made: Recreate


@compiled
def anneal(
    search: Search, strings: Strings, chance: Chance, steps: int, temperature: float, blinks: Blinks
) -> None:
    """Take steps at one temperature; what was best is kept."""
    for _ in range(steps):
        attempt(search, strings, blinks, chance)
        cost = cost_of(search, search.lure)
        if cost < search.costs[0] - temperature * math.log(1.0 - uniform(chance)):
            accept(search, cost)
            true_cost = cost_of(search, search.price)
            if true_cost < search.costs[1]:
                search.costs[1] = true_cost
                for v in range(len(search.routes.size)):
                    copy_route(search.routes, search.best, v)
        else:
            undo(search)


@compiled
def let_in(
    search: Search, strings: Strings, chance: Chance, steps: int, temperature: float, blinks: Blinks
) -> bool:
    """Take steps until everybody has a place; whether that was reached.

    Whoever was left out often counts more: a step that leaves out those who count less is kept.
    """
    out_now = weight_out(search)
    for _ in range(steps):
        if out_now == 0.0:
            return True
        attempt(search, strings, blinks, chance)
        cost, out = cost_of(search, search.lure), weight_out(search)
        cheap = cost < search.costs[0] - temperature * math.log(1.0 - uniform(chance))
        count_out(search)
        if out < out_now or (out == out_now and cheap):
            accept(search, cost)
        else:
            undo(search)
        out_now = weight_out(search)
    return out_now == 0.0


@compiled
def attempt(search: Search, strings: Strings, blinks: Blinks, chance: Chance) -> None:
    """Ruin and recreate."""
    routes, ruined, made, n = search.routes, search.ruined, search.made, len(search.price)
    ruin(routes, ruined, strings, chance)
    made.touched[:] = False
    for at in range(ruined.counts[1]):
        v = ruined.routes[at]
        made.touched[v] = True
        close_up(routes, v)
        refresh(search.stops, search.fleet, search.ways, routes, v)
    made.counts[0] = 0
    for r in range(n):
        if routes.vehicle[n + r] == NONE:
            made.order[made.counts[0]] = r
            made.counts[0] += 1
    put_in_order(search.stops, search.ways, made, chance)
    insert_all(search.stops, search.fleet, search.ways, routes, made, blinks, chance)


@compiled
def cost_of(search: Search, price: Floats) -> float:
    """Return the cost of the routes now, with a price for those left out."""
    n, cost = len(price), 0.0
    for v in range(len(search.routes.size)):
        cost += search.routes.total[v]
    for r in range(n):
        if search.routes.vehicle[n + r] == NONE:
            cost += price[r]
    return cost


@compiled
def weight_out(search: Search) -> float:
    """Return how much they count who are out now; 0 only if nobody is."""
    n, weight = len(search.price), 0.0
    for r in range(n):
        if search.routes.vehicle[n + r] == NONE:
            weight += 1.0 + search.left_out[r]
    return weight


@compiled
def count_out(search: Search) -> None:
    """Count those who are out now."""
    n = len(search.price)
    for r in range(n):
        if search.routes.vehicle[n + r] == NONE:
            search.left_out[r] += 1.0


@compiled
def accept(search: Search, cost: float) -> None:
    """Keep the step."""
    search.costs[0] = cost
    for v in range(len(search.routes.size)):
        if search.made.touched[v]:
            copy_route(search.routes, search.before, v)


@compiled
def undo(search: Search) -> None:
    """Take the step back."""
    for v in range(len(search.routes.size)):
        if search.made.touched[v]:
            forget_places(search.routes, v)
    for v in range(len(search.routes.size)):
        if search.made.touched[v]:
            copy_route(search.before, search.routes, v)
            say_places(search.routes, v)
