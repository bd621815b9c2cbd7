"""Who gets which vehicle: rules of assigning beside one another.

Whoever waits is given a vehicle, or waits on. Only `ours` looks again at what is assigned, and only
until the vehicle leaves: the rule of the product.
"""

from collections.abc import Callable

import numpy as np

from dispatch.matching.immediate import is_light
from dispatch.matching.problem import Bools, Floats, Ints
from dispatch.matching.sparse import UNSERVED, Pairs, assign
from dispatch.simulation.weeks.pool import Pool, alone, planned
from dispatch.simulation.weeks.reach import Reach, reach
from dispatch.simulation.weeks.runs import Run
from dispatch.simulation.weeks.words import Assigning

Bound = list[int]
Allows = Callable[[Run], bool]
"""Whether a run may be bound, beside what is promised."""
Rule = Callable[[Pool, list[int], Allows], Bound]
"""Binds vehicles to some of those who wait."""
_ROUNDS = 10
"""So often is matched anew without what isn't allowed, at one time."""


def is_time(assigning: Assigning, pool: Pool, waiting: list[int]) -> bool:
    """Whether those who wait are looked at now, and not only at the next turn."""
    if assigning is Assigning.OURS:
        return is_light(len(waiting), len(pool.free))
    return assigning is not Assigning.BATCH


def first_come(pool: Pool, waiting: list[int], allows: Allows) -> Bound:
    """In the order of asking, the vehicle that has stood longest, wherever it is."""
    return _one_by_one(pool, sorted(waiting), allows, lambda _, free: pool.ends_s[free])


def nearest(pool: Pool, waiting: list[int], allows: Allows) -> Bound:
    """Whoever has waited longest gets the nearest vehicle that is free."""
    return _one_by_one(pool, waiting, allows, lambda told, _: told.way_m[0])


def batch(pool: Pool, waiting: list[int], allows: Allows) -> Bound:
    """All who wait, matched together at every turn with the least waiting."""
    told = reach(pool, np.array(waiting, dtype=np.int64), pool.free)
    return _matched(pool, told, told.wait_s, allows)


def ours(pool: Pool, waiting: list[int], allows: Allows) -> Bound:
    """At once while there is a vehicle for everybody, in batches above that; by the stated cost."""
    told = reach(pool, np.array(waiting, dtype=np.int64), pool.free)
    return _matched(pool, told, cost_s(pool, told), allows)


RULES: dict[Assigning, Rule] = {
    Assigning.FIRST_COME: first_come,
    Assigning.NEAREST: nearest,
    Assigning.BATCH: batch,
    Assigning.OURS: ours,
}


def bind_promised(pool: Pool, waiting: list[int], allows: Allows) -> Bound:
    """Bind plates to what was promised, also such as are still under way with somebody else."""
    vehicles = np.array([v for v in range(len(pool.place)) if v not in pool.bound], dtype=np.int64)
    told = reach(pool, np.array(waiting, dtype=np.int64), vehicles)
    return _matched(pool, told, cost_s(pool, told), allows)


def bind_beside(pool: Pool, waiting: list[int], makes_way: Allows) -> Bound:
    """Bind whoever found no vehicle to the cheapest whose promises others can keep."""
    return _one_by_one(pool, waiting, makes_way, lambda told, _: cost_s(pool, told)[0])


def improve(pool: Pool, allows: Allows) -> None:
    """Look through what is assigned and not left for: together sooner, nobody later than told.

    What is shared stays; a vehicle under way is exchanged for another, and takes on nothing.
    """
    house = pool.house
    held = [v for v, run in pool.bound.items() if len(run.requests) == 1]
    if not held:
        return
    idle = [v for v in held if v not in pool.on]
    requests = np.array([pool.bound[v].requests[0] for v in held], dtype=np.int64)
    vehicles = np.array([*held, *pool.free.tolist()], dtype=np.int64)
    told = reach(pool, requests, vehicles)
    own = np.eye(len(requests), len(vehicles), dtype=np.bool_)
    may_change = np.isin(vehicles, np.array(idle, dtype=np.int64))
    may_change[len(held) :] = True
    in_time = pool.demand.start_s[requests][:, None] + told.wait_s
    allowed = own | (told.may & may_change & (in_time <= pool.told_s[requests][:, None]))
    cost = cost_s(pool, told) + np.where(own, 0.0, house.change_s)
    everybody = np.ones(len(requests), dtype=np.bool_)
    for _ in range(_ROUNDS):
        if not (allowed & (cost < cost[own][:, None])).any():
            return
        found = assign(_pairs(cost, allowed), len(requests), everybody)
        changed = np.flatnonzero(found != np.arange(len(requests))).tolist()
        runs = [
            planned(pool, int(vehicles[found[row]]), alone(int(requests[row]))) for row in changed
        ]
        broken = [row for row, run in zip(changed, runs, strict=True) if not allows(run)]
        if not broken:
            break
        allowed[broken, found[broken]] = False
    else:
        return
    for row in changed:
        pool.unbind(held[row])
    for run in runs:
        pool.bind(run)
    pool.changes += len(changed)


def cost_s(pool: Pool, told: Reach) -> Floats:
    """Seconds of waiting, empty kilometres, and what the driver has been on orders that day."""
    house = pool.house
    duty_s, _ = pool.duty.of(told.vehicles, pool.now_s)
    cost: Floats = (
        told.wait_s
        + told.way_m * (house.empty_s_a_km / 1000)
        + duty_s[None, :] * (house.duty_s_an_hour / 3600)
    )
    return cost


def _one_by_one(
    pool: Pool, waiting: list[int], allows: Allows, price: Callable[[Reach, Ints], Floats]
) -> Bound:
    bound = []
    free = pool.free
    for request in waiting:
        if not len(free):
            break
        told = reach(pool, np.array([request], dtype=np.int64), free)
        prices = np.where(told.may[0], price(told, free), np.inf)
        for column in np.argsort(prices, kind="stable").tolist():
            if prices[column] == np.inf:
                break
            run = planned(pool, int(free[column]), alone(request))
            if allows(run):
                pool.bind(run)
                free = np.delete(free, column)
                bound.append(request)
                break
    return bound


def _matched(pool: Pool, told: Reach, cost: Floats, allows: Allows) -> Bound:
    may = told.may.copy()
    runs: list[Run] = []
    for _ in range(_ROUNDS):
        if not may.any():
            return []
        found = assign(_pairs(cost, may), len(told.requests))
        rows = np.flatnonzero(found != UNSERVED).tolist()
        runs = [
            planned(pool, int(told.vehicles[found[row]]), alone(int(told.requests[row])))
            for row in rows
        ]
        is_fit = [allows(run) for run in runs]
        runs = [run for run, fits in zip(runs, is_fit, strict=True) if fits]
        if all(is_fit):
            break
        broken = [row for row, fits in zip(rows, is_fit, strict=True) if not fits]
        may[broken, found[broken]] = False
    for run in runs:
        pool.bind(run)
    return [run.requests[0] for run in runs]


def _pairs(cost: Floats, allowed: Bools) -> Pairs:
    rows, columns = np.nonzero(allowed)
    return Pairs(rows, columns, np.rint(cost[rows, columns]).astype(np.int64))
