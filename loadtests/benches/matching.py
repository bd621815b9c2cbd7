"""Matching requests to vehicles: sparse assignment, beside SciPy's dense one and greedy nearest.

First the assignment alone: each request and its nearest vehicles, the dense one on the same pairs
and on all pairs; the gap of the first to the last is told. Then a whole batch as dispatch asks for
it: vehicles with units, drivers, categories and seats, by all rules. Told apart is what is prepared
once for all batches, when facts of the register or orders change: drivers and kinds of vehicles.
The first batch on it asks the rules that rest on facts alone too; the next ones ask only what
depends on their requests, on the instant and on where vehicles are.
"""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

from dispatch.eligibility.choices import DriverChoice, Fix, VehicleChoice
from dispatch.eligibility.columns import Choices
from dispatch.eligibility.crews import Drivers
from dispatch.eligibility.need import At, Limits, Need
from dispatch.matching.batch import match_batch
from dispatch.matching.columns import Fleet
from dispatch.matching.problem import Bools, Floats, Ints, Matching, Waiting
from dispatch.matching.sparse import UNSERVED, Pairs, assign
from dispatch.roads.straight_line import StraightLineTravelTimes
from loadtests.measuring import Figure, Place

Made = TypeVar("Made")

SIZES = {(1_000, 5_000): 10.0, (5_000, 5_000): 1_000.0}
"""Requests and vehicles, and the most milliseconds."""
NEAREST = {1_000: 8, 5_000: 32}
"""How many vehicles each of so many requests may have, so that nearly all are served."""
SIDE_M = 30_000.0
UNITS = 200
UNSERVED_S = 1_000_000
_TURNS = 3
_NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_MIDDLE = (45.75, 126.65)


def run(place: Place) -> list[Figure]:  # noqa: ARG001
    """Measure the assignment alone, then whole batches."""
    return [
        figure
        for (requests, vehicles), goal_ms in SIZES.items()
        for figure in (
            *_alone(requests, vehicles, goal_ms),
            *_whole(requests, vehicles, goal_ms),
        )
    ]


def _alone(requests: int, vehicles: int, goal_ms: float) -> list[Figure]:
    chance, nearest = np.random.default_rng(7), NEAREST[requests]
    origins, places = (chance.uniform(0, SIDE_M, (n, 2)) for n in (requests, vehicles))
    apart_s = np.rint(_apart_m(origins, places) * 1.4 / (30 / 3.6) / 10).astype(np.int64) * 10

    def ours() -> Ints:
        rows = np.repeat(np.arange(requests), nearest)
        columns = cKDTree(places).query(origins, nearest)[1].ravel().astype(np.int64)
        return assign(Pairs(rows, columns, apart_s[rows, columns]), requests, is_large=True)

    found, ours_s = _best(ours)
    listed = np.zeros(apart_s.shape, dtype=np.bool_)
    listed[np.arange(requests)[:, None], cKDTree(places).query(origins, nearest)[1]] = True
    same, dense_s = _spent(lambda: _dense(apart_s, listed))  # minutes, at the larger size
    everything, _ = _spent(lambda: _dense(apart_s, np.ones_like(listed)))
    greedy, greedy_s = _best(lambda: _greedy(apart_s))
    name = f"{requests:,} × {vehicles:,}"
    total = {k: _total(apart_s, v) for k, v in (("ours", found), ("same", same))}
    return [
        Figure(f"{name}: nearest and sparse assignment", ours_s * 1e3, "ms", at_most=goal_ms),
        Figure(f"{name}: SciPy dense on the same pairs", dense_s * 1e3, "ms"),
        Figure(f"{name}: dense : sparse", dense_s / ours_s, "×"),
        Figure(f"{name}: greedy nearest", greedy_s * 1e3, "ms"),
        Figure(
            f"{name}: cost above dense on the same pairs",
            float(total["ours"] - total["same"]), "s", at_most=0.0,
        ),
        Figure(
            f"{name}: mean wait above dense on all pairs",
            _mean_s(apart_s, found) - _mean_s(apart_s, everything), "s",
        ),
        Figure(
            f"{name}: mean wait, greedy above sparse",
            _mean_s(apart_s, greedy) - _mean_s(apart_s, found), "s",
        ),
        Figure(f"{name}: served by the nearest {nearest}", int((found >= 0).sum()), "requests"),
    ]  # fmt: skip


def _whole(requests: int, vehicles: int, goal_ms: float) -> list[Figure]:
    chance, at = random.Random(7), At(_NOW, Limits())
    choices, waiting = Choices.of(_vehicles(chance, vehicles)), _waiting(chance, requests)
    travel_times = StraightLineTravelTimes()

    def anew() -> Fleet:
        """Prepare the same facts as if they had just been read."""
        return Fleet.of(Choices(choices.nos, choices.facts, choices.fixes))

    fleet, fleet_s = _best(anew)

    def again() -> Matching:
        """Match as the next batch does: all have moved, and no object is left over."""
        return match_batch(waiting, fleet.seen(choices.fixes), at, travel_times)

    match_batch(waiting, anew(), at, travel_times)  # loads the compiled code
    _, first_s = _spent(again)
    matching, matched_s = _best(again)
    name = f"{requests:,} × {vehicles:,}, whole batch"
    return [
        Figure(f"{name}: fleet prepared, when its facts change", fleet_s * 1e3, "ms"),
        Figure(f"{name}: the first on a prepared fleet", first_s * 1e3, "ms"),
        Figure(f"{name}: the next, at new positions", matched_s * 1e3, "ms", at_most=goal_ms),
        Figure(f"{name}: served", len(matching.matches), "requests"),
        Figure(f"{name}: pairs weighed", matching.candidates, "pairs"),
    ]


def _vehicles(chance: random.Random, count: int) -> list[VehicleChoice]:
    crew = count // UNITS * 2
    drivers = [
        DriverChoice(unit * 1000 + i, "B1", None, None, chance.randint(0, 6) * 1800)
        for unit in range(UNITS)
        for i in range(crew)
    ]
    staff = Drivers.of(drivers).crews([crew] * UNITS)  # in columns, as they are read
    return [
        VehicleChoice(
            no=no,
            unit_no=no % UNITS,
            seats=chance.choice((5, 5, 5, 5, 7, 19)),
            category=chance.choice((*["other_prescribed"] * 8, "enforcement", "emergency")),
            holding=chance.choice(("retained", "retained", "pool", "pool", "rental")),
            base=None,
            fix=Fix(_point(chance), _NOW - timedelta(seconds=chance.uniform(0, 60))),
            busy_until=None,
            overdue_since=None,
            drivers=staff[no % UNITS],
        )
        for no in range(count)
    ]


def _waiting(chance: random.Random, count: int) -> list[Waiting]:
    return [
        Waiting(
            id=UUID(int=chance.getrandbits(128), version=4),
            need=Need(
                unit_no=chance.randrange(UNITS),
                category=chance.choice((*[None] * 9, "emergency")),
                passengers=chance.choice((1, 1, 2, 3, 4, 6)),
                start=_NOW,
                end=_NOW + timedelta(minutes=chance.randint(30, 180)),
                origin=_point(chance),
            ),
            asked_at=_NOW - timedelta(seconds=chance.randint(0, 60)),
        )
        for _ in range(count)
    ]


def _point(chance: random.Random) -> tuple[float, float]:
    return tuple(degrees + chance.uniform(-0.15, 0.15) for degrees in _MIDDLE)  # type: ignore[return-value]


def _apart_m(origins: Floats, places: Floats) -> Floats:
    apart = origins[:, None, :] - places[None, :, :]
    metres: Floats = np.hypot(apart[..., 0], apart[..., 1])
    return metres


def _dense(cost_s: Ints, listed: Bools) -> Ints:
    rows, columns = linear_sum_assignment(np.where(listed, cost_s, UNSERVED_S))
    found = np.full(len(cost_s), UNSERVED, dtype=np.int64)
    found[rows] = np.where(listed[rows, columns], columns, UNSERVED)
    return found


def _greedy(cost_s: Ints) -> Ints:
    left = cost_s.copy()
    found = np.full(len(cost_s), UNSERVED, dtype=np.int64)
    for row in range(len(cost_s)):
        found[row] = left[row].argmin()
        left[:, found[row]] = UNSERVED_S
    return found


def _total(cost_s: Ints, found: Ints) -> int:
    served = found != UNSERVED
    return int(cost_s[served, found[served]].sum()) + UNSERVED_S * int((~served).sum())


def _mean_s(cost_s: Ints, found: Ints) -> float:
    served = found != UNSERVED
    return float(cost_s[served, found[served]].mean())


def _spent(work: Callable[[], Made]) -> tuple[Made, float]:
    """Return what was made and the CPU seconds it took."""
    before_s = time.process_time()
    made = work()
    return made, time.process_time() - before_s


def _best(work: Callable[[], Made]) -> tuple[Made, float]:
    """The least of a few turns: others work beside us."""
    return min((_spent(work) for _ in range(_TURNS)), key=lambda turn: turn[1])
