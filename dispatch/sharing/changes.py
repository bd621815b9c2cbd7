"""Putting requests into routes and taking them out, with all that is kept of a route."""

from dispatch.sharing.arrays import NONE, Fleet, Routes, Stops, Ways
from dispatch.sharing.compiled import compiled
from dispatch.sharing.memory import likeness
from dispatch.sharing.schedule import set_earliest, set_latest, set_loads


@compiled
def put(routes: Routes, v: int, pickup: int, delivery: int, i: int, j: int) -> None:
    """Put a request into a route, its stops behind positions i and j; then `refresh` is due."""
    nodes, size = routes.nodes[v], routes.size[v]
    for k in range(size - 1, j, -1):
        nodes[k + 2] = nodes[k]
    nodes[j + 2] = delivery
    for k in range(j, i, -1):
        nodes[k + 1] = nodes[k]
    nodes[i + 1] = pickup
    routes.size[v] = size + 2
    routes.vehicle[pickup] = v
    routes.vehicle[delivery] = v


@compiled
def close_up(routes: Routes, v: int) -> None:
    """Close up a route from which stops were taken by setting their vehicle to NONE."""
    nodes, size, kept = routes.nodes[v], routes.size[v], 1
    for k in range(1, size - 1):
        if routes.vehicle[nodes[k]] != NONE:
            nodes[kept] = nodes[k]
            kept += 1
    nodes[kept] = nodes[size - 1]
    routes.size[v] = kept + 1


@compiled
def refresh(stops: Stops, fleet: Fleet, ways: Ways, routes: Routes, v: int) -> bool:
    """Bring all that is kept of a route up to date; whether it keeps all limits."""
    nodes = routes.nodes[v]
    for k in range(routes.size[v] - 1):
        routes.time[v, k] = ways.time[nodes[k], nodes[k + 1]]
        routes.cost[v, k] = ways.cost[nodes[k], nodes[k + 1]]
    return reschedule(stops, fleet, routes, v)


@compiled
def reschedule(stops: Stops, fleet: Fleet, routes: Routes, v: int) -> bool:
    """Bring up to date what follows from a route's nodes and ways; whether it keeps all limits."""
    size, total = routes.size[v], 0.0
    for k in range(size):
        routes.place[routes.nodes[v, k]] = k
        if k + 1 < size:
            total += routes.cost[v, k]
    routes.total[v] = total
    routes.likeness[v] = likeness(fleet.kind[v], routes.nodes[v], size)
    has_seats = set_loads(stops, fleet, routes, v)
    if not set_earliest(stops, fleet, routes, v) or not has_seats:
        return False
    set_latest(stops, fleet, routes, v)
    return True


@compiled
def copy_route(source: Routes, target: Routes, v: int) -> None:
    """Copy a route with all that is kept of it; where its nodes are is the caller's matter."""
    for k in range(source.size[v]):
        target.nodes[v, k] = source.nodes[v, k]
        target.early[v, k] = source.early[v, k]
        target.late[v, k] = source.late[v, k]
        target.load[v, k] = source.load[v, k]
        target.time[v, k] = source.time[v, k]
        target.cost[v, k] = source.cost[v, k]
    target.size[v] = source.size[v]
    target.total[v] = source.total[v]
    target.likeness[v] = source.likeness[v]


@compiled
def forget_places(routes: Routes, v: int) -> None:
    """Say of all stops of a route that they are in none."""
    for k in range(1, routes.size[v] - 1):
        routes.vehicle[routes.nodes[v, k]] = NONE


@compiled
def say_places(routes: Routes, v: int) -> None:
    """Say of all nodes of a route where they are."""
    for k in range(routes.size[v]):
        routes.vehicle[routes.nodes[v, k]] = v
        routes.place[routes.nodes[v, k]] = k
