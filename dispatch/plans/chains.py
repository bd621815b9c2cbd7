"""Vehicles for the rides of a day, with the least empty way: an integer programme.

A ride is served by a stock of like vehicles, there and back from the base; where a vehicle drives
on to the next ride instead, the two are linked, which saves the way over the base. What a stock has
in use at an instant is the rides under way, less one where a link joins two that overlap, and one
more where a vehicle waits between two. That never exceeds the stock; and because linked rides form
one interval, and interval graphs are perfect, a plate is found for each afterwards.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from dispatch.capacity.model import Span
from dispatch.plans.model import Car, Day

Ints = NDArray[np.int64]

# What a request left out costs, in metres of empty way: more than any day's plan drives.
PROMISED_M = 100_000_000
ASKED_M = 1_000_000


@dataclass(frozen=True, slots=True)
class Chain:
    """Rides that one vehicle serves one after another without coming back between them.

    stock: of its vehicle; span: from leaving the base to being back there, with the turnaround
    """

    stock: int
    rides: tuple[int, ...]
    span: Span
    metres: int
    empty_m: int


@dataclass(frozen=True, slots=True)
class CarStock:
    """Vehicles that stand at one base, may serve the same rides, and drive as far."""

    cars: tuple[int, ...]
    sample: Car
    rides: frozenset[int]


def stocks_of(day: Day) -> list[CarStock]:
    """Return the vehicles of a day in stocks; what takes them keeps them from rides."""
    members: dict[tuple[object, ...], list[int]] = defaultdict(list)
    serves: dict[int, frozenset[int]] = {}
    for v, car in enumerate(day.cars):
        serves[v] = frozenset(
            r
            for r, ride in enumerate(day.rides)
            if v in ride.vehicles
            and all(
                end <= since or until <= start
                for start, end in [_there_and_back(day, r, car)]
                for since, until in car.taken
            )
        )
        members[car.base, car.range_m, car.taken if car.taken else None, serves[v]].append(v)
    return [CarStock(tuple(cars), day.cars[cars[0]], serves[cars[0]]) for cars in members.values()]


def find_chains(
    day: Day,
    stocks: Sequence[CarStock],
    forbidden: Collection[tuple[int, int]] = (),
    unlinked: Collection[tuple[int, int]] = (),
) -> list[Chain]:
    """Return chains that serve the most, promised rides first, with the least empty way.

    forbidden: pairs of ride and stock that aren't tried; unlinked: rides not to be driven in a row
    """
    serve = [
        (r, s)
        for s, stock in enumerate(stocks)
        for r in sorted(stock.rides)
        if (r, s) not in forbidden
    ]
    if not serve:
        return []
    links = [link for s in range(len(stocks)) for link in _links(day, stocks, s, serve, unlinked)]
    chosen, linked = _solve(day, stocks, serve, links)
    return _joined(day, stocks, chosen, linked)


def _links(
    day: Day,
    stocks: Sequence[CarStock],
    s: int,
    serve: Sequence[tuple[int, int]],
    unlinked: Collection[tuple[int, int]],
) -> list[tuple[int, int, int, int]]:
    """Return (ride, next ride, stock, metres saved) of what a vehicle may drive in a row."""
    limits, roads, base = day.limits, day.roads, stocks[s].sample.base
    rides = sorted((r for r, of in serve if of == s), key=lambda r: day.rides[r].span)
    found = []
    for r in rides:
        ride, nexts = day.rides[r], []
        for n in rides:
            after = day.rides[n]
            way_s = roads.seconds(ride.ends_at, after.origin) + limits.turnaround_s
            gap_s = after.span[0] - ride.span[1]
            if not way_s <= gap_s <= limits.longest_wait_s or (r, n) in unlinked:
                continue
            saved = (
                roads.metres(ride.ends_at, base)
                + roads.metres(base, after.origin)
                - roads.metres(ride.ends_at, after.origin)
            )
            if saved > 0 and not _is_taken(stocks[s].sample, ride.span[1], after.span[0]):
                nexts.append((gap_s, r, n, s, saved))
        found += [link[1:] for link in sorted(nexts)[: limits.most_next]]
    return found


def _solve(
    day: Day,
    stocks: Sequence[CarStock],
    serve: Sequence[tuple[int, int]],
    links: Sequence[tuple[int, int, int, int]],
) -> tuple[list[tuple[int, int]], list[tuple[int, int, int, int]]]:
    column = {pair: c for c, pair in enumerate(serve)}
    costs = [
        _empty_m(day, r, stocks[s]) - day.rides[r].worth(PROMISED_M, ASKED_M) for r, s in serve
    ]
    costs += [-saved for *_, saved in links]
    pieces = [(s, *_there_and_back(day, r, stocks[s].sample), c, 1) for (r, s), c in column.items()]
    once: list[tuple[int, int]] = [(r, c) for (r, _), c in column.items()]
    tied: list[list[tuple[int, int]]] = []
    leads: dict[tuple[int, int, bool], list[int]] = defaultdict(list)
    for k, (r, n, s, _) in enumerate(links, start=len(serve)):
        back = _there_and_back(day, r, stocks[s].sample)[1]
        out = _there_and_back(day, n, stocks[s].sample)[0]
        # Waiting between two takes the vehicle; where their ways overlap one is counted twice.
        pieces.append((s, back, out, k, 1) if back < out else (s, out, back, k, -1))
        leads[r, s, True].append(k)
        leads[n, s, False].append(k)
    for (r, s, _), ks in leads.items():
        tied.append([(column[r, s], -1), *((k, 1) for k in ks)])
    width = len(costs)
    flows, idle = _flows([p for p in pieces if p[1] < p[2]], stocks, width)
    rows = [
        _rows([(r, c, 1) for r, c in once], len(day.rides), width + idle, 1.0),
        *flows,
    ]
    if tied:
        entries = [(k, c, by) for k, row in enumerate(tied) for c, by in row]
        rows.append(_rows(entries, len(tied), width + idle, 0.0))
    answer = milp(
        np.array([*costs, *([0] * idle)], dtype=np.float64),
        constraints=rows,
        integrality=np.array([1] * width + [0] * idle),
        bounds=Bounds(0.0, np.array([1.0] * width + [np.inf] * idle)),
        options={"time_limit": day.limits.limit_s, "mip_rel_gap": 1e-6},
    )
    if answer.x is None:
        return [], []
    taken = np.flatnonzero(answer.x[:width] > 0.5).tolist()
    return (
        [serve[c] for c in taken if c < len(serve)],
        [links[c - len(serve)] for c in taken if c >= len(serve)],
    )


def _flows(
    pieces: Sequence[tuple[int, int, int, int, int]], stocks: Sequence[CarStock], width: int
) -> tuple[list[LinearConstraint], int]:
    """Return the rows that keep each stock within its size at each instant, and idle columns.

    pieces: (stock, start, end, column, by how many more are in use)
    """
    entries: list[tuple[int, int, int]] = []
    right: list[float] = []
    for s, stock in enumerate(stocks):
        own = [piece[1:] for piece in pieces if piece[0] == s]
        instants = sorted({at for start, end, *_ in own for at in (start, end)})
        row_of = {at: len(right) + k for k, at in enumerate(instants)}
        for at, row in row_of.items():
            entries.append((row, width + row, 1))
            if at != instants[0]:
                entries.append((row, width + row - 1, -1))
        for start, end, column, by in own:
            entries.append((row_of[start], column, by))
            entries.append((row_of[end], column, -by))
        right += [float(len(stock.cars)) if k == 0 else 0.0 for k in range(len(instants))]
    if not right:
        return [], 0
    return [_rows(entries, len(right), width + len(right), right, equal=True)], len(right)


def _rows(
    entries: Sequence[tuple[int, int, int]],
    height: int,
    width: int,
    right: float | Sequence[float],
    *,
    equal: bool = False,
) -> LinearConstraint:
    told = np.array(entries, dtype=np.int64).reshape(-1, 3)
    matrix = coo_array(
        (told[:, 2].astype(np.float64), (told[:, 0], told[:, 1])), shape=(height, width)
    )
    upper = np.asarray(right, dtype=np.float64)
    return LinearConstraint(matrix.tocsr(), upper if equal else -np.inf, upper)


def _joined(
    day: Day,
    stocks: Sequence[CarStock],
    chosen: Sequence[tuple[int, int]],
    linked: Sequence[tuple[int, int, int, int]],
) -> list[Chain]:
    after = {r: (n, saved) for r, n, _, saved in linked}
    follows = {n for n, _ in after.values()}
    stock_of = dict(chosen)
    chains = []
    for first in sorted(r for r in stock_of if r not in follows):
        stock, rides, saved = stocks[stock_of[first]], [first], 0
        while rides[-1] in after:
            following, by = after[rides[-1]]
            rides.append(following)
            saved += by
        empty_m = sum(_empty_m(day, r, stock) for r in rides) - saved
        chains.append(
            Chain(
                stock_of[first],
                tuple(rides),
                (
                    _there_and_back(day, rides[0], stock.sample)[0],
                    _there_and_back(day, rides[-1], stock.sample)[1],
                ),
                empty_m + sum(day.rides[r].length_m for r in rides),
                empty_m,
            )
        )
    return chains


def _there_and_back(day: Day, r: int, car: Car) -> Span:
    ride, roads = day.rides[r], day.roads
    return (
        ride.span[0] - roads.seconds(car.base, ride.origin),
        ride.span[1] + roads.seconds(ride.ends_at, car.base) + day.limits.turnaround_s,
    )


def _empty_m(day: Day, r: int, stock: CarStock) -> int:
    ride, base = day.rides[r], stock.sample.base
    return day.roads.metres(base, ride.origin) + day.roads.metres(ride.ends_at, base)


def _is_taken(car: Car, start: int, end: int) -> bool:
    return any(since < end and start < until for since, until in car.taken)
