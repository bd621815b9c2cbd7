"""The cheapest feasible place for a request in a route.

For each place of the pickup the delivery moves along the route once, in linear time, with what was
prepared for the route: arrival, seats, ride and cost are known at each step without looking at the
rest (Tong et al. 2018; Xu et al. 2022). Earliest and latest times refuse nearly all that can't be,
and only what passes, and is cheaper than the best so far, is looked at exactly.

Exact: the insertion keeps everybody's window, ride and the duration, iff raising the earliest times
from those before it (they are lower bounds still) ends below all latest ones. Travel times and
costs should obey the triangle inequality, as shortest paths do: where they don't, what is found is
feasible all the same, and may not be the cheapest.
"""

import math
from typing import NamedTuple

from dispatch.sharing.arrays import NONE, Fleet, Floats, Ints, Routes, Stops
from dispatch.sharing.chance import Chance, uniform
from dispatch.sharing.compiled import compiled
from dispatch.sharing.schedule import SLACK, settle


class Asked(NamedTuple):
    """A request as insertion sees it, and its ways from and to the nodes of routes.

    pickup, delivery: its nodes
    direct, direct_cost: the way from the one to the other
    to_…, from_…: times and costs by node
    """

    pickup: int
    delivery: int
    direct: float
    direct_cost: float
    to_pickup: Floats
    from_pickup: Floats
    to_delivery: Floats
    from_delivery: Floats
    cost_to_pickup: Floats
    cost_from_pickup: Floats
    cost_to_delivery: Floats
    cost_from_delivery: Floats


class Scratch(NamedTuple):
    """Room for the route that is being looked at: its nodes, earliest times and ways."""

    nodes: Ints
    early: Floats
    time: Floats
    place: Ints


@compiled
def cheapest(
    stops: Stops, fleet: Fleet, routes: Routes, v: int, asked: Asked, scratch: Scratch,
    bound: float, skip: float, chance: Chance,
) -> tuple[float, int, int]:  # fmt: skip
    """Return the cost added, and the positions that pickup and delivery come right behind.

    bound: only what is cheaper is looked for. Infinity: there is none. The delivery's position is
    that in the route as it is; the same as the pickup's where it follows at once.
    skip: how often a place is overlooked; 0: none is, and no chance is taken
    """
    p, d = asked.pickup, asked.delivery
    nodes, early, late, load = routes.nodes[v], routes.early[v], routes.late[v], routes.load[v]
    time, cost, size = routes.time[v], routes.cost[v], routes.size[v]
    earliest, latest, service = stops.earliest, stops.latest, stops.service
    free = fleet.capacity[v] - stops.seats[p] + SLACK
    ride = stops.ride[d] + SLACK
    latest_p, latest_d = latest[p] + SLACK, latest[d] + SLACK
    best, best_i, best_j = bound, NONE, NONE
    for i in range(fleet.fixed[v], size - 1):
        if early[i] > latest_p:
            break
        a, b = nodes[i], nodes[i + 1]
        at_p = max(early[i] + service[a] + asked.to_pickup[a], earliest[p])
        if at_p > latest_p or load[i] > free:
            continue
        off_p = at_p + service[p]
        if off_p + asked.from_pickup[b] > late[i + 1] + SLACK:
            continue
        to_p = asked.cost_to_pickup[a]
        with_p = to_p + asked.cost_from_pickup[b] - cost[i]
        if with_p >= best:
            continue
        # the delivery at once
        at_d = max(off_p + asked.direct, earliest[d])
        if at_d <= latest_d and at_d + service[d] + asked.from_delivery[b] <= late[i + 1] + SLACK:
            added = to_p + asked.direct_cost + asked.cost_from_delivery[b] - cost[i]
            is_looked_at = added < best and (skip == 0.0 or uniform(chance) >= skip)
            if is_looked_at and fits(stops, fleet, routes, v, asked, i, i, scratch):
                best, best_i, best_j = added, i, i
        # the delivery after one or more of those behind
        at = max(off_p + asked.from_pickup[b], early[i + 1])
        rode = asked.from_pickup[b]
        for j in range(i + 1, size - 1):
            c, e = nodes[j], nodes[j + 1]
            if load[j] > free:
                break
            off = at + service[c]
            rode += service[c]
            at_d = off + asked.to_delivery[c]
            if at_d > latest_d or rode + asked.to_delivery[c] > ride:
                break
            at_d = max(at_d, earliest[d])
            if at_d + service[d] + asked.from_delivery[e] <= late[j + 1] + SLACK:
                added = with_p + asked.cost_to_delivery[c] + asked.cost_from_delivery[e] - cost[j]
                is_looked_at = added < best and (skip == 0.0 or uniform(chance) >= skip)
                if is_looked_at and fits(stops, fleet, routes, v, asked, i, j, scratch):
                    best, best_i, best_j = added, i, j
            at = max(off + time[j], early[j + 1])
            rode += time[j]
            if at > late[j + 1] + SLACK:
                break
    if best_i == NONE:
        return math.inf, NONE, NONE
    return best, best_i, best_j


@compiled
def fits(
    stops: Stops,
    fleet: Fleet,
    routes: Routes,
    v: int,
    asked: Asked,
    i: int,
    j: int,
    scratch: Scratch,
) -> bool:
    """Whether the route keeps all limits with the pickup behind i and the delivery behind j."""
    size = _spliced(stops, routes, v, asked, i, j, scratch)
    new, early, time, place = scratch.nodes, scratch.early, scratch.time, scratch.place
    return settle(stops, fleet.duration[v], new, early, time, place, size, i + 1)


@compiled
def _spliced(
    stops: Stops, routes: Routes, v: int, asked: Asked, i: int, j: int, scratch: Scratch
) -> int:
    """Write the longer route into the scratch, with the earliest times so far; return its size."""
    p, d = asked.pickup, asked.delivery
    nodes, early, time = routes.nodes[v], routes.early[v], routes.time[v]
    size = 0
    for k in range(routes.size[v]):
        node = nodes[k]
        scratch.nodes[size], scratch.early[size], scratch.time[size] = node, early[k], time[k]
        scratch.place[node] = size
        size += 1
        if k == i:
            scratch.time[size - 1] = asked.to_pickup[node]
            scratch.time[size] = asked.direct if i == j else asked.from_pickup[nodes[k + 1]]
            scratch.nodes[size], scratch.early[size] = p, stops.earliest[p]
            scratch.place[p] = size
            size += 1
        if k == j:
            if i != j:
                scratch.time[size - 1] = asked.to_delivery[node]
            scratch.time[size] = asked.from_delivery[nodes[k + 1]]
            scratch.nodes[size], scratch.early[size] = d, stops.earliest[d]
            scratch.place[d] = size
            size += 1
    return size
