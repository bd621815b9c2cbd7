"""Which bookings to keep where not all can be: the proven best, by an integer programme.

One variable for each booking and stock that may serve it. With fixed periods the vehicles of a
stock are alike, and interval graphs are perfect: as many vehicles are needed as bookings overlap at
one instant, so one row for each maximal clique and stock is exact. Each row is written as what is
idle from clique to clique (a flow through time): a column has two entries for its stock instead of
one for every clique that it lies in. Solved by HiGHS (Huangfu and Hall 2018), through SciPy.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from dispatch.capacity.model import NOWHERE, Booking, Sizes, open_stocks
from dispatch.capacity.placing import place_in_order

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Choice:
    """The stock of each booking, what they are worth, and what no choice can exceed.

    proven: whether nothing better exists
    """

    placed: tuple[int, ...]
    worth: int
    bound: float

    @property
    def proven(self) -> bool:
        """Whether no other choice is worth more."""
        return self.bound < self.worth + 1 - 1e-6


def choose(bookings: Sequence[Booking], sizes: Sizes, *, limit_s: float) -> Choice:
    """Return the bookings that are worth most together, each with its stock.

    limit_s: after so many seconds the best so far is returned, with the bound that is proved then
    """
    first = place_in_order(bookings, sizes)
    whole = sum(one.weight for one in bookings)
    if NOWHERE not in first:
        return Choice(tuple(first), whole, float(whole))
    if not any(open_stocks(one, sizes) for one in bookings):
        return Choice(tuple(first), 0, 0.0)
    programme = _Programme.of(bookings, sizes)
    answer = milp(
        programme.costs,
        constraints=programme.rows,
        integrality=programme.integrality,
        bounds=programme.bounds,
        options={"time_limit": limit_s, "mip_rel_gap": 0.0},
    )
    worth = _worth(bookings, first)
    bound = _bound(answer.mip_dual_bound, whole)
    if answer.x is not None:
        found = programme.placed(answer.x, len(bookings))
        if _worth(bookings, found) > worth:
            first, worth = found, _worth(bookings, found)
    return Choice(tuple(first), worth, max(bound, float(worth)))


def relaxed(bookings: Sequence[Booking], sizes: Sizes) -> float:
    """Return what no choice can exceed by the linear relaxation: the bound of benches."""
    if not any(open_stocks(one, sizes) for one in bookings):
        return 0.0
    programme = _Programme.of(bookings, sizes)
    answer = milp(
        programme.costs,
        constraints=programme.rows,
        integrality=np.zeros_like(programme.integrality),
        bounds=programme.bounds,
    )
    assert answer.fun is not None
    return -answer.fun


def cliques(starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Return the first and last maximal clique that each period lies in, shape (n,) each.

    Cliques are numbered by time. The instants of maximal cliques are the starts that are followed
    by an end before the next start.
    """
    n = len(starts)
    # At one instant ends come before starts: periods are half-open.
    times = np.concatenate([ends, starts])
    is_start = np.concatenate([np.zeros(n, dtype=np.int64), np.ones(n, dtype=np.int64)])
    order = np.lexsort((is_start, times))
    kinds = is_start[order]
    closes = np.flatnonzero((kinds == 1) & (np.append(kinds[1:], 0) == 0))
    at = times[order][closes]
    return np.searchsorted(at, starts), np.searchsorted(at, ends) - 1


def _worth(bookings: Sequence[Booking], placed: Sequence[int]) -> int:
    return sum(one.weight for one, s in zip(bookings, placed, strict=True) if s != NOWHERE)


def _bound(told: float | None, whole: int) -> float:
    return float(whole) if told is None else min(float(whole), -told)


@dataclass(frozen=True, slots=True)
class _Programme:
    """The integer programme: columns of bookings and stocks first, what is idle after them."""

    costs: NDArray[np.float64]
    rows: list[LinearConstraint]
    integrality: Ints
    bounds: Bounds
    booking_of: Ints
    stock_of: Ints

    @classmethod
    def of(cls, bookings: Sequence[Booking], sizes: Sizes) -> "_Programme":
        pairs = [(b, s) for b, one in enumerate(bookings) for s in open_stocks(one, sizes)]
        booking_of, stock_of = (
            np.array([pair[i] for pair in pairs], dtype=np.int64) for i in (0, 1)
        )
        starts = np.array([one.start for one in bookings], dtype=np.int64)
        ends = np.array([one.end for one in bookings], dtype=np.int64)
        weights = np.array([one.weight for one in bookings], dtype=np.float64)
        flows, idle = _flows(booking_of, stock_of, starts, ends, sizes, len(pairs))
        width = len(pairs) + idle
        once = coo_array(
            (np.ones(len(pairs)), (booking_of, np.arange(len(pairs)))),
            shape=(len(bookings), width),
        )
        upper = np.full(width, np.inf)
        upper[: len(pairs)] = 1.0
        return cls(
            costs=np.concatenate([-weights[booking_of], np.zeros(idle)]),
            rows=[LinearConstraint(once.tocsr(), -np.inf, 1.0), *flows],
            integrality=np.concatenate(
                [np.ones(len(pairs), dtype=np.int64), np.zeros(idle, dtype=np.int64)]
            ),
            bounds=Bounds(0.0, upper),
            booking_of=booking_of,
            stock_of=stock_of,
        )

    def placed(self, x: NDArray[np.float64], count: int) -> list[int]:
        placed = [NOWHERE] * count
        for column in np.flatnonzero(x[: len(self.booking_of)] > 0.5).tolist():
            placed[int(self.booking_of[column])] = int(self.stock_of[column])
        return placed


def _flows(
    booking_of: Ints,
    stock_of: Ints,
    starts: Ints,
    ends: Ints,
    sizes: Sizes,
    columns: int,
) -> tuple[list[LinearConstraint], int]:
    """Return the rows of all stocks, and how many columns say what is idle.

    Row k of a stock: idle_k = idle_{k-1} - those that begin in clique k + those that ended before.
    """
    values: list[NDArray[np.float64]] = []
    at_rows: list[Ints] = []
    at_columns: list[Ints] = []
    right: list[NDArray[np.float64]] = []
    rows = idle = 0
    for s, size in enumerate(sizes):
        members = np.flatnonzero(stock_of == s)
        if not len(members):
            continue
        first, last = cliques(starts[booking_of[members]], ends[booking_of[members]])
        count = int(last.max()) + 1
        free = columns + idle + np.arange(count)
        ended = members[last + 1 < count]
        there = np.zeros(count)
        there[0] = size
        values += [np.ones(count), -np.ones(count - 1), np.ones(len(members)), -np.ones(len(ended))]
        at_rows += [
            rows + np.arange(count),
            rows + np.arange(1, count),
            rows + first,
            rows + last[last + 1 < count] + 1,
        ]
        at_columns += [free, free[:-1], members, ended]
        right.append(there)
        rows, idle = rows + count, idle + count
    if not rows:
        return [], 0
    matrix = coo_array(
        (np.concatenate(values), (np.concatenate(at_rows), np.concatenate(at_columns))),
        shape=(rows, columns + idle),
    ).tocsr()
    sizes_of = np.concatenate(right)
    return [LinearConstraint(matrix, sizes_of, sizes_of)], idle
