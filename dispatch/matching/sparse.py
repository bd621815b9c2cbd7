"""Least-cost assignment on the pairs that come into question, instead of on all of them.

SciPy's LAPJVsp (Jonker and Volgenant 1987, on sparse rows) finds the cheapest matching that covers
every row. A row that may stay unserved has a column of its own for that, dearer than whatever
serving it could cost the others: so as many rows are served as can be, and then as cheaply.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from dispatch.matching.problem import Bools, Floats, Ints

UNSERVED = -1

_EXACT = 2**53  # whole numbers below it are exact as floats, in which SciPy computes
_SQUARE = 0.5  # rows a column, up to which a square graph is faster


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows that may have columns, by row; no pair twice; `cost` is whole and not below zero."""

    rows: Ints
    columns: Ints
    cost: Ints

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, kept: Bools) -> "Pairs":
        """Return the pairs that are kept, in their order."""
        return Pairs(self.rows[kept], self.columns[kept], self.cost[kept])

    def and_below(self, others: "Pairs") -> "Pairs":
        """Return these and others, whose rows come after these."""
        return Pairs(
            np.concatenate((self.rows, others.rows)),
            np.concatenate((self.columns, others.columns)),
            np.concatenate((self.cost, others.cost)),
        )


def assign(pairs: Pairs, row_count: int, must: Bools | None = None) -> Ints:
    """Return the column of each row, or UNSERVED: most rows first, then least total cost.

    Among equal totals columns of low numbers are preferred, as far as whole numbers reach.
    must: rows that are served in any case; the caller knows that all of them can be

    Raises ValueError when not all of `must` can be served, or when costs can't be summed exactly.
    """
    if len(pairs) == 0:
        if must is not None and must.any():
            raise ValueError("a row that must be served has no column")
        return np.full(row_count, UNSERVED, dtype=np.int64)
    used = np.zeros(int(pairs.columns.max()) + 1, dtype=np.bool_)
    used[pairs.columns] = True
    columns_of = np.flatnonzero(used)
    close = Pairs(pairs.rows, (np.cumsum(used) - 1)[pairs.columns], pairs.cost)
    may = np.ones(row_count, dtype=np.bool_) if must is None else ~must
    graph = _graph(close, row_count, len(columns_of), may)
    found = min_weight_full_bipartite_matching(graph)[1][:row_count]
    return np.where(
        found < len(columns_of),
        np.append(columns_of, UNSERVED)[np.minimum(found, len(columns_of))],
        UNSERVED,
    )


def _graph(pairs: Pairs, row_count: int, column_count: int, may: Bools) -> csr_array:
    """Rows by columns, and a column beyond them for each row that may stay unserved.

    SciPy prepares square graphs much faster than others. With few rows the graph is made square:
    below the rows stands one for each column, which takes it when nobody does, and else takes the
    column "unserved" of the row that has it.
    """
    weights, unserved = _weights(pairs, row_count, column_count)
    data, indices, starts = _rows_of(pairs, weights, unserved, column_count, may)
    height = row_count
    if row_count <= _SQUARE * column_count:
        below = csr_array(
            (np.ones(len(pairs)), (pairs.columns, pairs.rows)), shape=(column_count, row_count)
        )
        own = np.arange(column_count) + below.indptr[:-1]
        length = len(pairs) + column_count
        to = np.empty(length, dtype=np.int64)
        rest = np.ones(length, dtype=np.bool_)
        rest[own] = False
        to[own], to[rest] = np.arange(column_count), column_count + below.indices
        data, indices = np.concatenate((data, np.ones(length))), np.concatenate((indices, to))
        starts = np.concatenate(
            (starts, starts[-1] + below.indptr[1:] + np.arange(1, column_count + 1))
        )
        height += column_count
    return csr_array(
        (data, indices.astype(np.int32), starts.astype(np.int32)),
        shape=(height, column_count + row_count),
    )


def _rows_of(
    pairs: Pairs, weights: Ints, unserved: int, column_count: int, may: Bools
) -> tuple[Floats, Ints, Ints]:
    """Return data, indices and starts of the rows; "unserved" stands last in each."""
    counts = np.bincount(pairs.rows, minlength=len(may))
    starts = np.concatenate(([0], np.cumsum(counts + may)))
    at = np.arange(len(pairs)) + (np.cumsum(may) - may)[pairs.rows]
    own = starts[1:][may] - 1
    data, indices = np.empty(starts[-1]), np.empty(starts[-1], dtype=np.int64)
    data[at], indices[at] = weights, pairs.columns
    data[own], indices[own] = unserved, column_count + np.flatnonzero(may)
    return data, indices, starts


def _weights(pairs: Pairs, row_count: int, column_count: int) -> tuple[Ints, int]:
    """Return the weight of each pair, and that of a row unserved.

    One more row served may move every other row to its dearest column, so that staying unserved
    costs more than that. What is left of the whole numbers tells equal totals apart.
    """
    dearest = int(pairs.cost.max()) + 2
    finest = _EXACT // ((row_count + 1) ** 2 * dearest)
    if finest < 1:
        raise ValueError("costs are too large to be summed exactly")
    scale = min(column_count, finest)
    weights = (pairs.cost + 1) * scale + pairs.columns * scale // column_count
    return weights, row_count * dearest * scale
