"""Greedy insertion with blinks: each request goes where it is cheapest, now and then not looking.

Christiaens and Vanden Berghe 2020, section 5.2. A blink here overlooks a whole route, and a glance
some places of one. What a request adds to a route is remembered (`memory`); of glances nothing is.
"""

import math
from typing import NamedTuple

from dispatch.sharing.arrays import NONE, Bools, Fleet, Floats, Ints, Routes, Stops, Ways
from dispatch.sharing.chance import Chance, below, uniform
from dispatch.sharing.changes import close_up, put, refresh
from dispatch.sharing.compiled import compiled
from dispatch.sharing.insertion import Asked, Scratch, cheapest
from dispatch.sharing.memory import Known, Memory, recall, remember


class Blinks(NamedTuple):
    """How often something is overlooked.

    route: a whole route
    glance: how often a route is only glanced at; place: of its places then
    """

    route: float
    glance: float
    place: float


class Recreate(NamedTuple):
    """What insertion remembers, and its room.

    known: by request and vehicle, what was answered last
    memory: what was answered before that
    order, counts: requests to be inserted, `counts[0]` of them
    usable: which vehicles may be used
    touched: vehicles whose routes changed
    """

    known: Known
    memory: Memory
    order: Ints
    counts: Ints
    keys: Floats
    usable: Bools
    touched: Bools
    is_kind_seen: Bools
    unsure: Ints
    scratch: Scratch


@compiled
def asked_of(ways: Ways, request: int, n: int) -> Asked:
    """Return a request of the problem as insertion sees it."""
    p, d = request, n + request
    return Asked(
        p, d, ways.time[p, d], ways.cost[p, d],
        ways.time_to[p], ways.time[p], ways.time_to[d], ways.time[d],
        ways.cost_to[p], ways.cost[p], ways.cost_to[d], ways.cost[d],
    )  # fmt: skip


@compiled
def insert_all(
    stops: Stops, fleet: Fleet, ways: Ways, routes: Routes, made: Recreate,
    blinks: Blinks, chance: Chance,
) -> None:  # fmt: skip
    """Insert the requests in their order, each where it adds least; some may find no place."""
    n = len(made.keys)
    for at in range(made.counts[0]):
        request = made.order[at]
        v = _best_route(stops, fleet, routes, made, asked_of(ways, request, n), blinks, chance)
        if v != NONE:
            known = made.known
            put(routes, v, request, n + request, known.i[request, v], known.j[request, v])
            made.touched[v] = True
            if not refresh(stops, fleet, ways, routes, v):
                # two routes had one likeness
                routes.vehicle[request] = routes.vehicle[n + request] = NONE
                close_up(routes, v)
                refresh(stops, fleet, ways, routes, v)


@compiled
def _best_route(
    stops: Stops, fleet: Fleet, routes: Routes, made: Recreate, asked: Asked,
    blinks: Blinks, chance: Chance,
) -> int:  # fmt: skip
    """Return the vehicle that the request adds least to, or NONE."""
    request, best, best_v, unsure, glanced = asked.pickup, math.inf, NONE, 0, 0
    known = made.known
    made.is_kind_seen[:] = False
    for v in range(len(routes.size)):
        if not made.usable[v]:
            continue
        if routes.size[v] == 2:
            if made.is_kind_seen[fleet.kind[v]]:
                continue
            made.is_kind_seen[fleet.kind[v]] = True
        drawn = uniform(chance)
        if drawn < blinks.route:
            continue
        if drawn < blinks.route + blinks.glance:
            glanced += 1
            made.unsure[-glanced] = v
            continue
        if known.likeness[request, v] != routes.likeness[v]:
            recall(made.memory, known, request, v, routes.likeness[v])
        if known.i[request, v] == NONE:
            made.unsure[unsure] = v
            unsure += 1
        elif known.added[request, v] < best:
            best, best_v = known.added[request, v], v
    # what is known bounds what is looked for
    for k in range(unsure):
        v = made.unsure[k]
        if known.added[request, v] >= best:
            continue
        added, i, j = cheapest(stops, fleet, routes, v, asked, made.scratch, best, 0.0, chance)
        known.i[request, v], known.j[request, v] = i, j
        known.added[request, v] = best if i == NONE else added
        remember(made.memory, known, request, v)
        if added < best:
            best, best_v = added, v
    for k in range(1, glanced + 1):
        v = made.unsure[-k]
        added, i, j = cheapest(
            stops, fleet, routes, v, asked, made.scratch, best, blinks.place, chance
        )
        # nothing to remember: it may be cheaper elsewhere in this route
        known.likeness[request, v] = NONE
        if added < best:
            known.i[request, v], known.j[request, v] = i, j
            best, best_v = added, v
    return best_v


@compiled
def put_in_order(stops: Stops, ways: Ways, made: Recreate, chance: Chance) -> None:
    """Order the requests: by chance, seats, far, near, narrow windows, early, late, or long."""
    n, depot = len(made.keys), 2 * len(made.keys)
    drawn = below(chance, 17)
    for at in range(made.counts[0]):
        r = made.order[at]
        if drawn < 4:
            key = uniform(chance)
        elif drawn < 6:
            key = -stops.seats[r]
        elif drawn < 8:
            key = -ways.cost[depot, r]
        elif drawn < 9:
            key = ways.cost[depot, r]
        elif drawn < 11:
            key = stops.latest[r] - stops.earliest[r]
        elif drawn < 13:
            key = stops.earliest[r]
        elif drawn < 15:
            key = -stops.latest[n + r]
        else:
            key = -ways.cost[r, n + r]
        made.keys[r] = key
        k = at
        while k > 0 and made.keys[made.order[k - 1]] > key:
            made.order[k] = made.order[k - 1]
            k -= 1
        made.order[k] = r
