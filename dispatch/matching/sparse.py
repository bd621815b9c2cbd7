"""Least-cost assignment on the pairs that come into question, instead of on all of them.

SciPy's LAPJVsp (Jonker and Volgenant 1987, on sparse rows) finds the cheapest matching that covers
every row of a graph. Where rows stay unserved, the graph falls apart (Dulmage and Mendelsohn 1958):

1. find the most rows that can be served at all (Hopcroft and Karp 1973)
2. short are the rows unserved, and those that hold what a short one could have; whatever largest
   matching is taken, exactly these share their columns, and each of those columns is taken
3. so short rows are matched from their columns' side, and all others from their own; neither needs
   a place for those who go without, of which each would be looked for through the whole graph
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import (
    maximum_bipartite_matching,
    maximum_flow,
    min_weight_full_bipartite_matching,
)

from dispatch.matching.pair_table import in_order
from dispatch.matching.problem import Bools, Ints

UNSERVED = -1

_EXACT = 2**53  # whole numbers below it are exact as floats, in which SciPy computes
# From so many pairs on, SciPy's own matching of most rows may take hours where nearly all can be
# served; by flows it takes a tenth of a second. Which rows are short is the same by any of them.
_FEW_PAIRS = 10_000
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


def assign(
    pairs: Pairs, row_count: int, must: Bools | None = None, *, is_large: bool = False
) -> Ints:
    """Return the column of each row, or UNSERVED: most rows first, then least total cost.

    Among equal totals columns of low numbers are preferred, as far as whole numbers reach.
    must: rows that are served in any case; the caller knows that all of them can be
    is_large: compiled code finds the cheapest matching (`kernel`), at the same total

    Raises ValueError when not all of `must` can be served, when costs can't be summed exactly, or
    when a pair is given twice (SciPy would end the process on it).
    """
    musts = np.zeros(row_count, dtype=np.bool_) if must is None else must
    found = np.full(row_count, UNSERVED, dtype=np.int64)
    if len(pairs):
        columns_of, columns = _numbered(pairs.columns)
        if _has_repeats(pairs.rows * len(columns_of) + columns):
            raise ValueError("a pair of row and column is given twice")
        weights, spare = _weights(pairs.cost, columns, row_count, len(columns_of))
        close = Pairs(pairs.rows, columns, weights)
        short, wanted = _short(close, row_count, len(columns_of))
        below = close.only(~(short[close.rows] | wanted[close.columns]))
        rows, taken = _cheapest(below, is_large=is_large)
        found[rows] = columns_of[taken]
        if wanted.any():
            dear = close.only(short[close.rows])
            taken, rows = _cheapest(_turned(dear, ~musts, spare), is_large=is_large)
            found[rows] = columns_of[taken]
    if (found[musts] == UNSERVED).any():
        raise ValueError("not every row that must be served can be")
    return found


def _has_repeats(numbers: Ints) -> bool:
    ascending = np.sort(numbers)
    return bool((ascending[1:] == ascending[:-1]).any())


def _numbered(used: Ints) -> tuple[Ints, Ints]:
    """Return the numbers that are used, ascending, and for each of `used` its place there."""
    is_used = np.zeros(int(used.max(initial=-1)) + 1, dtype=np.bool_)
    is_used[used] = True
    return np.flatnonzero(is_used), (np.cumsum(is_used) - 1)[used]


def _weights(cost: Ints, columns: Ints, row_count: int, column_count: int) -> tuple[Ints, int]:
    """Return the weight of each pair, and one above all sums of them.

    What is left of the whole numbers tells equal totals apart.
    """
    dearest = int(cost.max()) + 2
    finest = _EXACT // ((row_count + 1) ** 2 * dearest)
    if finest < 1:
        raise ValueError("costs are too large to be summed exactly")
    scale = min(column_count, finest)
    return (cost + 1) * scale + columns * scale // column_count, row_count * dearest * scale


def _short(pairs: Pairs, row_count: int, column_count: int) -> tuple[Bools, Bools]:
    """Return which rows are short of columns, and the columns for which they compete."""
    held = _held(pairs, row_count, column_count)
    short: Bools = held < 0
    wanted = np.zeros(column_count + 1, dtype=np.bool_)
    while True:
        wanted[pairs.columns[short[pairs.rows]]] = True
        wider = short | wanted[held]  # what nobody holds is the last, which nobody wants
        if (wider == short).all():
            return short, wanted[:-1]
        short = wider


def _held(pairs: Pairs, row_count: int, column_count: int) -> Ints:
    """Return the column of each row in a matching of most rows, -1 where it has none."""
    if len(pairs) <= _FEW_PAIRS:
        graph = _graph(pairs, row_count, column_count)
        return maximum_bipartite_matching(graph, perm_type="column").astype(np.int64)
    source, sink = row_count + column_count, row_count + column_count + 1
    columns = row_count + np.arange(column_count)
    tails = np.concatenate((np.full(row_count, source), pairs.rows, columns))
    heads = np.concatenate(
        (np.arange(row_count), row_count + pairs.columns, np.full(column_count, sink))
    )
    each = np.ones(len(tails), dtype=np.int32)
    graph = csr_array((each, (tails, heads)), shape=(sink + 1, sink + 1))
    flow = maximum_flow(graph, source, sink, method="dinic").flow.tocoo()
    held = np.full(row_count, UNSERVED, dtype=np.int64)
    served = (flow.data > 0) & (flow.row < row_count) & (flow.col < source)
    held[flow.row[served]] = flow.col[served] - row_count
    return held


def _turned(pairs: Pairs, may: Bools, spare: int) -> Pairs:
    """Return the pairs with columns as rows; a row that may go without is dear to take."""
    by_column = in_order(pairs.columns)
    rows = pairs.rows[by_column]
    return Pairs(pairs.columns[by_column], rows, pairs.cost[by_column] + spare * may[rows])


def _cheapest(pairs: Pairs, *, is_large: bool) -> tuple[Ints, Ints]:
    """Return rows and columns of the cheapest matching in which each row of the pairs is."""
    if len(pairs) == 0:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing
    rows_of, rows = _numbered(pairs.rows)
    columns_of, columns = _numbered(pairs.columns)
    row_count, column_count = len(rows_of), len(columns_of)
    if is_large:
        return rows_of, columns_of[_compiled(rows, columns, pairs.cost, row_count, column_count)]
    close = Pairs(rows, columns, pairs.cost)
    make = _squared if row_count <= _SQUARE * column_count else _graph
    to = min_weight_full_bipartite_matching(make(close, row_count, column_count))[1]
    return rows_of, columns_of[to[:row_count]]


def _compiled(rows: Ints, columns: Ints, cost: Ints, row_count: int, column_count: int) -> Ints:
    # The compiler takes a second to import: only large batches pay for it.
    from dispatch.matching.kernel.cheapest import cheapest

    found = cheapest(_starts(rows, row_count), columns, cost, column_count)
    if found is None:
        raise ValueError("not every row can have a column")
    return found


def _starts(rows: Ints, row_count: int) -> Ints:
    """Return where the pairs of each row begin."""
    starts = np.zeros(row_count + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, minlength=row_count), out=starts[1:])
    return starts


def _graph(pairs: Pairs, row_count: int, column_count: int) -> csr_array:
    starts = _starts(pairs.rows, row_count).astype(np.int32)
    return csr_array(
        (pairs.cost.astype(np.float64), pairs.columns.astype(np.int32), starts),
        shape=(row_count, column_count),
    )


def _squared(pairs: Pairs, row_count: int, column_count: int) -> csr_array:
    """The same in a square, which SciPy prepares much faster.

    Below the rows stands one for each column, which takes it when nobody does, and else a place
    beyond the columns that belongs to the row that has it.
    """
    height, length = row_count + column_count, len(pairs)
    by_column = in_order(pairs.columns)
    starts = np.zeros(height + 1, dtype=np.int32)
    listed = np.concatenate(
        (
            np.bincount(pairs.rows, minlength=row_count),
            np.bincount(pairs.columns, minlength=column_count) + 1,
        )
    )
    np.cumsum(listed, out=starts[1:])
    data = np.ones(starts[-1])
    to = np.empty(starts[-1], dtype=np.int32)
    data[:length], to[:length] = pairs.cost, pairs.columns
    own = starts[row_count:-1]
    rest = np.ones(starts[-1], dtype=np.bool_)
    rest[:length], rest[own] = False, False
    to[own], to[rest] = np.arange(column_count), column_count + pairs.rows[by_column]
    return csr_array((data, to, starts), shape=(height, height))
