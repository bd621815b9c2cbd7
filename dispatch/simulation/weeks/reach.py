"""Which vehicle could pick whom up when: tables of vehicles and requests."""

from dataclasses import dataclass

import numpy as np

from dispatch.matching.problem import Bools, Floats, Ints
from dispatch.simulation.weeks.pool import Pool


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Vehicles and requests, each table of shape (requests, vehicles).

    wait_s: from when the passengers want to leave until they get in
    way_m: the way to them; may: by seats, drivers' hours and patience
    """

    requests: Ints
    vehicles: Ints
    wait_s: Floats
    way_m: Floats
    may: Bools


def reach(pool: Pool, requests: Ints, vehicles: Ints) -> Reach:
    """Return what these vehicles could do for these requests, each alone.

    A vehicle under way is ready at the planned end of its run; one that is bound, as if it weren't.
    """
    network, demand, house = pool.network, pool.demand, pool.house
    is_on = np.array([v in pool.on for v in vehicles.tolist()], dtype=np.bool_)
    ready_s = np.full(len(vehicles), pool.now_s + house.prepare_s)
    ready_s[is_on] = np.maximum(pool.now_s, pool.planned_s[vehicles[is_on]]) + house.turnaround_s
    here, base = pool.place[vehicles].copy(), pool.fleet.base[vehicles]
    home = pool.homewards(vehicles, float(pool.now_s + house.prepare_s))
    home[is_on] = 0.0
    for i in np.flatnonzero(is_on).tolist():
        here[i] = end_of(pool, int(vehicles[i]))
    origins = demand.origin[requests]
    way_s, way_m = (
        (1 - home) * table[here][:, origins].T + home * table[base][:, origins].T
        for table in (network.seconds, network.metres)
    )
    wait_s = np.maximum(ready_s + way_s - demand.start_s[requests][:, None], 0.0)
    may = pool.fleet.seats[vehicles] >= demand.passengers[requests][:, None]
    may &= wait_s <= house.patience_s
    for row, request in enumerate(requests.tolist()):
        takes_s = lasts_s(pool, request)
        at_s = max(pool.now_s, float(demand.start_s[request]))
        may[row] &= pool.may_work(vehicles, at_s, takes_s + way_s[row])
    return Reach(requests, vehicles, wait_s, way_m, may)


def end_of(pool: Pool, vehicle: int) -> int:
    """Return where the run of a vehicle ends."""
    return last_place(pool, pool.on[vehicle].stops[-1].request)


def longest_way_s(pool: Pool, request: int) -> float:
    """Return how long the longest way to a request takes, from a base that could serve it."""
    able = pool.fleet.base[pool.fleet.seats >= pool.demand.passengers[request]]
    return float(pool.network.seconds[able, pool.demand.origin[request]].max())


def last_place(pool: Pool, request: int) -> int:
    """Return where a vehicle is that has served a request."""
    ends = pool.demand.origin if pool.demand.back[request] else pool.demand.destination
    return int(ends[request])


def lasts_s(pool: Pool, request: int) -> float:
    """Return how long a ride takes as planned, from getting in to the vehicle's being free."""
    demand, seconds = pool.demand, pool.network.seconds
    there, back = demand.origin[request], demand.destination[request]
    lasts = pool.house.board_s + float(seconds[there, back])
    if demand.back[request]:
        lasts += float(demand.stay_s[request]) + float(seconds[back, there])
    return lasts
