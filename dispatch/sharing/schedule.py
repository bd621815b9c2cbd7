"""When each stop of a route may be served: the tightest times that all limits together leave.

A route's limits are differences of two instants: service and travel between neighbours, and from a
later stop back to an earlier one the maximum ride time and the duration of the route. The earliest
instants are the least solution, longest paths in that graph (Bellman and Ford); they are a feasible
schedule themselves, or there is none. Sweeping along the route and raising pickups on the way back
settles it in one or two rounds nearly always (Firat and Woeginger 2011 prove linear time for a
variant). Latest instants are the same, mirrored.
"""

from dispatch.sharing.arrays import NONE, Fleet, Floats, Ints, Routes, Stops
from dispatch.sharing.compiled import compiled

SLACK = 1e-9
"""Two instants this near are one: sums of floating numbers in another order."""


@compiled
def set_earliest(stops: Stops, fleet: Fleet, routes: Routes, v: int) -> bool:
    """Set the earliest times of a route; whether it has a feasible schedule."""
    nodes, early, size = routes.nodes[v], routes.early[v], routes.size[v]
    for k in range(size):
        early[k] = stops.earliest[nodes[k]]
    return settle(stops, fleet.duration[v], nodes, early, routes.time[v], routes.place, size, 1)


@compiled
def settle(
    stops: Stops, duration: float, nodes: Ints, early: Floats, time: Floats, place: Ints,
    size: int, first: int,
) -> bool:  # fmt: skip
    """Raise lower bounds of a route's instants to its earliest times; whether it is feasible.

    early: by position, none of them above the earliest times
    time: by position, of the way to the next node
    place: by node, its position
    first: all before this position follow from one another already
    """
    latest, service, pickups = stops.latest, stops.service, stops.pickup
    if early[0] > latest[nodes[0]] + SLACK:
        return False
    for _ in range(size + 1):
        before, at = nodes[first - 1], early[first - 1]
        for k in range(first, size):
            node = nodes[k]
            arrival = at + service[before] + time[k - 1]
            at = early[k]
            if arrival > at:
                at = arrival
                early[k] = at
            if at > latest[node] + SLACK:
                return False
            before = node
        first = size
        leaving = early[size - 1] - duration
        if early[0] < leaving - SLACK:
            early[0] = leaving
            if leaving > latest[nodes[0]] + SLACK:
                return False
            first = 1
        for k in range(size - 1, 0, -1):
            node = nodes[k]
            pickup = pickups[node]
            if pickup == NONE:
                continue
            there = place[pickup]
            needed = early[k] - stops.ride[node] - service[pickup]
            if early[there] < needed - SLACK:
                if needed > latest[pickup] + SLACK:
                    return False
                early[there] = needed
                first = min(first, there + 1)
        if first == size:
            return True
    return False


@compiled
def set_latest(stops: Stops, fleet: Fleet, routes: Routes, v: int) -> None:
    """Set the latest times of a route that has a feasible schedule."""
    nodes, late, time, size = routes.nodes[v], routes.late[v], routes.time[v], routes.size[v]
    service, pickups, place = stops.service, stops.pickup, routes.place
    for k in range(size):
        late[k] = stops.latest[nodes[k]]
    last, rounds = size - 2, 0
    while last >= 0 and rounds <= size:
        for k in range(last, -1, -1):
            leaving = late[k + 1] - service[nodes[k]] - time[k]
            if leaving < late[k]:
                late[k] = leaving
        last = -1
        arriving = late[0] + fleet.duration[v]
        if late[size - 1] > arriving + SLACK:
            late[size - 1] = arriving
            last = size - 2
        for k in range(1, size):
            node = nodes[k]
            pickup = pickups[node]
            if pickup == NONE:
                continue
            allowed = late[place[pickup]] + service[pickup] + stops.ride[node]
            if late[k] > allowed + SLACK:
                late[k] = allowed
                last = max(last, k - 1)
        rounds += 1


@compiled
def set_loads(stops: Stops, fleet: Fleet, routes: Routes, v: int) -> bool:
    """Set the seats taken along a route; whether there are enough."""
    taken, fits = fleet.aboard[v], True
    for k in range(routes.size[v]):
        taken += stops.seats[routes.nodes[v, k]]
        routes.load[v, k] = taken
        fits = fits and taken <= fleet.capacity[v] + SLACK
    return fits
