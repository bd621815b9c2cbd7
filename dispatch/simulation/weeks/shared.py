"""Who rides along: a request is inserted into a run that has not been left for, by the kernel.

Both have agreed to share, go one way, and keep their seats, what they were told, and the longest
ride that a detour limit leaves them. Somebody rides along where that is shorter for the fleet than
a vehicle of their own, or where there is none.
"""

from collections.abc import Callable, Sequence

import numpy as np

from dispatch.matching.problem import Floats, Ints
from dispatch.sharing import LiveRoutes, Problem, Requests, Vehicles, ride_limits
from dispatch.sharing.errors import BrokenRoute, ContradictoryLimits
from dispatch.simulation.weeks.pool import Pool, timed
from dispatch.simulation.weeks.reach import reach
from dispatch.simulation.weeks.runs import Run, Stop

MOST_RUNS = 12
"""How many runs are looked at, those that begin nearest first."""
_FOR_EVER = 1e9


def may_share(pool: Pool, request: int) -> bool:
    """Whether a request may ride with others: agreed to, and one way."""
    return bool(pool.demand.may_share[request] and not pool.demand.back[request])


def join(pool: Pool, request: int, allows: Callable[[Run], bool]) -> bool:
    """Let a request ride along where that is better and allowed; whether it does."""
    if not may_share(pool, request):
        return False
    runs = _open_runs(pool, request)
    if not runs:
        return False
    own_m = _own_way_m(pool, request)
    told = [r for run in runs for r in run.requests]
    try:
        routes = LiveRoutes(
            _problem(pool, runs, [*told, request], own_m is None), _sequences(runs, told)
        )
    except (BrokenRoute, ContradictoryLimits):
        return False
    found = routes.insert(len(told))
    if found is None or (own_m is not None and found.added >= own_m):
        return False
    run = _run(pool, runs[found.vehicle].vehicle, routes, found.vehicle, [*told, request])
    takes_s = run.ends_s - run.leaves_s
    if not pool.may_work(np.array([run.vehicle]), run.leaves_s, takes_s)[0] or not allows(run):
        return False
    pool.bind(run)
    return True


def longest_ride_s(pool: Pool, requests: Ints) -> Floats:
    """(R,) the longest that requests may be aboard when they share."""
    demand, house = pool.demand, pool.house
    direct_s = pool.network.seconds[demand.origin[requests], demand.destination[requests]]
    count = len(requests)
    return ride_limits(direct_s, np.full(count, house.detour_share), np.full(count, house.detour_s))


def _open_runs(pool: Pool, request: int) -> list[Run]:
    """Runs that nobody has left for, of passengers who share, with vehicles that are idle."""
    origin = int(pool.demand.origin[request])
    runs = [
        run
        for vehicle, run in sorted(pool.bound.items())
        if vehicle not in pool.on and all(may_share(pool, r) for r in run.requests)
    ]
    starts = [int(pool.demand.origin[run.requests[0]]) for run in runs]
    apart = sorted(
        (float(pool.network.seconds[origin, start]), i) for i, start in enumerate(starts)
    )
    return [runs[i] for _, i in apart[:MOST_RUNS]]


def _own_way_m(pool: Pool, request: int) -> float | None:
    """Return how far the best free vehicle would drive for a request alone; None without one."""
    free = pool.free
    if not len(free):
        return None
    told = reach(pool, np.array([request], dtype=np.int64), free)
    there, to = int(pool.demand.origin[request]), int(pool.demand.destination[request])
    metres = pool.network.metres
    whole = told.way_m[0] + metres[there, to] + metres[to, pool.fleet.base[free]]
    whole = whole[told.may[0]]
    return float(whole.min()) if len(whole) else None


def _problem(pool: Pool, runs: Sequence[Run], told: list[int], at_any_time: bool) -> Problem:
    """The problem of these runs; the last request is the new one, which is in no run."""
    demand, house = pool.demand, pool.house
    requests = np.array(told, dtype=np.int64)
    n, start_s = len(requests), np.maximum(demand.start_s[requests], pool.now_s)
    until_s = np.array([_promised_s(pool, runs, r) for r in told[:-1]] + [0.0])
    until_s[-1] = start_s[-1] + (house.patience_s if at_any_time else house.in_time_s)
    until_s[-1] = min(until_s[-1], demand.start_s[told[-1]] + house.patience_s)
    until_s[-1] = min(until_s[-1], pool.told_s[told[-1]])
    nothing, vehicles = np.zeros(n), np.array([run.vehicle for run in runs], dtype=np.int64)
    time, cost = (_table(pool, requests, vehicles, t) for t in _tables(pool))
    return Problem.of(
        Requests(
            seats=demand.passengers[requests].astype(np.float64),
            pickup_from=start_s,
            pickup_until=np.maximum(until_s, start_s),
            pickup_service=np.full(n, house.board_s),
            delivery_from=nothing,
            delivery_until=np.full(n, _FOR_EVER),
            delivery_service=nothing,
            ride_max=longest_ride_s(pool, requests),
            aboard=np.full(n, -1, dtype=np.int64),
            boarded=nothing,
        ),
        Vehicles(
            seats=pool.fleet.seats[vehicles].astype(np.float64),
            start_from=np.array([_ready_s(pool, run) for run in runs]),
            end_until=np.full(len(runs), _FOR_EVER),
            duration_max=np.full(len(runs), _FOR_EVER),
        ),
        time,
        cost,
    )


def _ready_s(pool: Pool, run: Run) -> float:
    """A run that is about to be left for is left for as planned."""
    return min(run.leaves_s, pool.now_s + pool.house.prepare_s)


def _promised_s(pool: Pool, runs: Sequence[Run], request: int) -> float:
    """No later than this is somebody picked up: as told, or as planned where that is later."""
    planned_s = next(run.picked_s[request] for run in runs if request in run.picked_s)
    return max(planned_s + 1, min(float(pool.told_s[request]), _FOR_EVER))


def _tables(pool: Pool) -> tuple[Floats, Floats]:
    return pool.network.seconds, pool.network.metres


def _table(pool: Pool, requests: Ints, vehicles: Ints, table: Floats) -> Floats:
    """Ways between all nodes of the kernel's problem: pick-ups, deliveries, starts, ends."""
    demand = pool.demand
    base = pool.fleet.base[vehicles]
    places = np.concatenate((demand.origin[requests], demand.destination[requests], base, base))
    between: Floats = table[np.ix_(places, places)].copy()
    n, count = 2 * len(requests), len(vehicles)
    ready_s = pool.now_s + pool.house.prepare_s
    home = pool.homewards(vehicles, ready_s)[:, None]
    starts = slice(n, n + count)
    here = table[np.ix_(pool.place[vehicles], places)]
    between[starts] = (1 - home) * here + home * between[starts]
    return between


def _sequences(runs: Sequence[Run], told: list[int]) -> tuple[tuple[int, ...], ...]:
    node = {request: i for i, request in enumerate(told)}
    n = len(told) + 1
    return tuple(
        tuple(node[s.request] if s.gets_in else n + node[s.request] for s in run.stops)
        for run in runs
    )


def _run(pool: Pool, vehicle: int, routes: LiveRoutes, place: int, told: list[int]) -> Run:
    schedule = routes.schedule(place)
    n = len(told)
    stops = tuple(Stop(told[node % n], node < n) for node in schedule.nodes[1:-1])
    leaves_s = max(schedule.begins[0], pool.now_s)
    times = timed(pool, vehicle, stops, leaves_s)
    picked_s = {one.stop.request: one.begins_s for one in times if one.stop.gets_in}
    return Run(vehicle, stops, leaves_s, times[-1].ends_s, picked_s)
