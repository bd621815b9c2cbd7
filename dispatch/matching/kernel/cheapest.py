"""The cheapest matching that covers every row: shortest augmenting paths on sparse rows.

Jonker and Volgenant 1987, "A shortest augmenting path algorithm for dense and sparse linear
assignment problems", Computing 38, with their names: u, v are the prices of rows and columns, and
what a pair costs beyond both, its reduced cost, is never below zero.

1. augmenting row reduction: a row takes the column that is cheapest to it now, and that column's
   price falls until its second choice is as good; whoever held it asks in the next sweep
2. augmentation: for each row left, the shortest path of reduced costs to a free column (Dijkstra
   1959); along it columns change hands, and prices follow

All whole numbers: nothing is rounded.
"""

from typing import NamedTuple

import numpy as np

from dispatch.matching.kernel.compiled import compiled
from dispatch.matching.kernel.heap import drop_least, push_least
from dispatch.matching.problem import Bools, Ints

NONE = -1
_SWEEPS = 4  # of the row reduction
_FAR = 2**62


class Graph(NamedTuple):
    """Rows and their pairs: those of row r are starts[r] to starts[r + 1]."""

    starts: Ints
    columns: Ints
    cost: Ints


class Room(NamedTuple):
    """Everything that the search works on.

    u, v: prices by row and column
    column_of, row_of: who has whom, or NONE
    left: rows without a column yet
    away, by_row, is_done: by column, how far it is, by which row it is reached, if that is final
    seen: columns reached in this search; keys, numbers: a heap of columns by how far they are
    """

    u: Ints
    v: Ints
    column_of: Ints
    row_of: Ints
    left: Ints
    away: Ints
    by_row: Ints
    is_done: Bools
    seen: Ints
    keys: Ints
    numbers: Ints


def cheapest(starts: Ints, columns: Ints, cost: Ints, column_count: int) -> Ints | None:
    """Return the column of each row at the least total cost; None where not every row can have one.

    starts: (R + 1,) where the pairs of each row begin; columns, cost: of each pair, by row
    """
    rows = len(starts) - 1
    room = Room(
        u=np.zeros(rows, dtype=np.int64),
        v=np.zeros(column_count, dtype=np.int64),
        column_of=np.full(rows, NONE, dtype=np.int64),
        row_of=np.full(column_count, NONE, dtype=np.int64),
        left=np.arange(rows, dtype=np.int64),
        away=np.full(column_count, _FAR, dtype=np.int64),
        by_row=np.full(column_count, NONE, dtype=np.int64),
        is_done=np.zeros(column_count, dtype=np.bool_),
        seen=np.empty(column_count, dtype=np.int64),
        keys=np.empty(len(columns) + 1, dtype=np.int64),
        numbers=np.empty(len(columns) + 1, dtype=np.int64),
    )
    return room.column_of if cover(Graph(starts, columns, cost), room) else None


@compiled
def cover(graph: Graph, room: Room) -> bool:
    """Give each row a column; whether that could be done."""
    left = len(room.left)
    for _ in range(_SWEEPS):
        left = reduce_rows(graph, room, left)
    set_row_prices(graph, room)
    for at in range(left):
        row = room.left[at]
        column = shortest(graph, room, row)
        if column == NONE:
            return False
        augment(room, row, column)
    return True


@compiled
def reduce_rows(graph: Graph, room: Room, asking: int) -> int:
    """Let the first so many rows of `left` ask for columns; return how many are left."""
    v, left = room.v, 0
    for at in range(asking):
        row = room.left[at]
        first, second, best, other = _FAR, _FAR, NONE, NONE
        for pair in range(graph.starts[row], graph.starts[row + 1]):
            column = graph.columns[pair]
            price = graph.cost[pair] - v[column]
            if price < first:
                second, other = first, best
                first, best = price, column
            elif price < second:
                second, other = price, column
        if other == NONE:
            # Without a second choice there is no price up to which the first is worth it.
            room.left[left] = row
            left += 1
            continue
        if first < second:
            v[best] -= second - first
        elif room.row_of[best] != NONE:
            best = other
        holder = room.row_of[best]
        room.row_of[best], room.column_of[row] = row, best
        if holder != NONE:
            # It asks in the next sweep: asking at once, rows may outbid each other by ones.
            room.column_of[holder] = NONE
            room.left[left] = holder
            left += 1
    return left


@compiled
def set_row_prices(graph: Graph, room: Room) -> None:
    """Price rows by what they have; those that have nothing stay at nothing, below any pair."""
    for row in range(len(room.u)):
        for pair in range(graph.starts[row], graph.starts[row + 1]):
            if graph.columns[pair] == room.column_of[row]:
                room.u[row] = graph.cost[pair] - room.v[graph.columns[pair]]


@compiled
def shortest(graph: Graph, room: Room, start: int) -> int:
    """Return the free column to which the shortest path from a row leads; NONE if none does.

    Prices follow, so that no reduced cost is below zero afterwards.
    """
    u, v, away, is_done = room.u, room.v, room.away, room.is_done
    keys, numbers, size = room.keys, room.numbers, 0
    row, so_far, seen, found = start, 0, 0, NONE
    while found == NONE:
        for pair in range(graph.starts[row], graph.starts[row + 1]):
            column = graph.columns[pair]
            far = so_far + graph.cost[pair] - u[row] - v[column]
            if is_done[column] or far >= away[column]:
                continue
            if away[column] == _FAR:
                room.seen[seen] = column
                seen += 1
            away[column], room.by_row[column] = far, row
            size = push_least(keys, numbers, size, far, column)
        while size > 0 and is_done[numbers[0]]:
            size = drop_least(keys, numbers, size)
        if size == 0:
            break
        so_far, column = keys[0], numbers[0]
        size = drop_least(keys, numbers, size)
        is_done[column] = True
        row = room.row_of[column]
        if row == NONE:
            found = column
    u[start] += so_far
    for at in range(seen):
        column = room.seen[at]
        if is_done[column] and column != found:
            v[column] -= so_far - away[column]
            u[room.row_of[column]] += so_far - away[column]
        away[column], is_done[column] = _FAR, False
    return found


@compiled
def augment(room: Room, start: int, column: int) -> None:
    """Let columns change hands along the path by which a row reached a free one."""
    while True:
        row = room.by_row[column]
        room.row_of[column] = row
        column, room.column_of[row] = room.column_of[row], column
        if row == start:
            return
