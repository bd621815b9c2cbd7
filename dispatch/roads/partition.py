"""A turn graph cut into parts: between two of them every way leads through a border state.

The order of contraction tells where to cut. In its elimination tree (Liu 1990, "The Role of
Elimination Trees in Sparse Factorization", SIAM J. Matrix Anal. Appl. 11) whatever a state leads to
in the lower order lies below it, so that the states with the most below them are the borders, and
what hangs under these falls apart into parts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dispatch.roads.network import Ints
from dispatch.roads.turns import TurnGraph

NO_PART = -1
_STATES_A_BORDER = 8
MOST_BORDERS = 1_000
MOST_STATES = 100_000
"""Of a larger graph the parts are large, and what is kept of them is too much for their use."""


@dataclass(frozen=True, eq=False)
class Part:
    """A part and the borders beside it.

    states: (n,) those of the part and, from `inside` on, the border states; borders: (n - inside,)
    the places of the latter among all borders; arcs: (a,) the arcs that begin or end in the part;
    tails, heads: (a,) the places of their ends among `states`
    """

    states: Ints
    inside: int
    borders: Ints
    arcs: Ints
    tails: Ints
    heads: Ints


@dataclass(frozen=True, eq=False)
class Partition:
    """borders: (K,) the border states, ascending; part: (S,) of each state, NO_PART for borders.

    parts: those that touch a border; no way leads out of the others
    """

    borders: Ints
    part: Ints
    parts: tuple[Part, ...]

    def together(self, sources: Ints, targets: Ints) -> list[tuple[Ints, Ints]]:
        """The places of sources and targets that lie in one part, for each part with both."""
        of_sources, of_targets = self.part[sources], self.part[targets]
        shared = np.intersect1d(of_sources, of_targets)
        return [
            (np.flatnonzero(of_sources == part), np.flatnonzero(of_targets == part))
            for part in shared[shared != NO_PART].tolist()
        ]


def cut(graph: TurnGraph, order: Ints, most_borders: int | None = None) -> Partition:
    """Cut a graph by the order in which it is contracted, at an eighth of its states at most."""
    if most_borders is None:
        most_borders = min(graph.state_count // _STATES_A_BORDER, MOST_BORDERS)
    rank = np.empty(graph.state_count, dtype=np.int64)
    rank[order] = np.arange(graph.state_count)
    parent = _elimination_tree(rank[graph.arc_from], rank[graph.arc_to], graph.state_count)
    part = _hanging(parent, _borders(parent, most_borders))[rank]
    return Partition(np.flatnonzero(part == NO_PART), part, _parts(graph, part))


def _elimination_tree(tail: Ints, head: Ints, count: int) -> list[int]:
    """The parent of each rank, -1 for roots (Liu 1990, algorithm 4.2, with path compression)."""
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    pairs = np.unique(high[low < high] * count + low[low < high])
    parent, ancestor = [-1] * count, [-1] * count
    for upper, lower in zip((pairs // count).tolist(), (pairs % count).tolist(), strict=True):
        at = lower
        while ancestor[at] not in (-1, upper):
            ancestor[at], at = upper, ancestor[at]
        if ancestor[at] == -1:
            parent[at] = ancestor[at] = upper
    return parent


def _borders(parent: list[int], most: int) -> list[bool]:
    """The ranks with the most below them. Who is above one of them has more, and is one too."""
    below = [1] * len(parent)
    for rank, above in enumerate(parent):
        if above >= 0:
            below[above] += below[rank]
    least = sorted(below, reverse=True)[most] if most < len(below) else 0
    return [size > least for size in below]


def _hanging(parent: list[int], is_border: list[bool]) -> Ints:
    """The number of each rank's part: what hangs together below the borders."""
    part, count = [NO_PART] * len(parent), 0
    for rank in range(len(parent) - 1, -1, -1):
        if is_border[rank]:
            continue
        above = parent[rank]
        if above < 0 or is_border[above]:
            part[rank], count = count, count + 1
        else:
            part[rank] = part[above]
    return np.array(part, dtype=np.int64)


def _parts(graph: TurnGraph, part: Ints) -> tuple[Part, ...]:
    place = np.cumsum(part == NO_PART) - 1
    of_arc = np.maximum(part[graph.arc_from], part[graph.arc_to])
    # Arcs between two borders belong to no part.
    arcs = np.argsort(of_arc, kind="stable")[np.count_nonzero(of_arc == NO_PART) :]
    return tuple(
        one
        for group in np.split(arcs, np.flatnonzero(np.diff(of_arc[arcs])) + 1)
        if len((one := _part(graph, part, place, group)).borders)
    )


def _part(graph: TurnGraph, part: Ints, place: Ints, arcs: Ints) -> Part:
    tails, heads = graph.arc_from[arcs], graph.arc_to[arcs]
    states = np.unique(np.concatenate([tails, heads]))
    outside = part[states] == NO_PART
    inside, borders = states[~outside], states[outside]
    number = np.empty(len(states), dtype=np.int64)
    number[~outside] = np.arange(len(inside))
    number[outside] = np.arange(len(inside), len(states))
    return Part(
        np.concatenate([inside, borders]),
        len(inside),
        place[borders],
        arcs,
        number[np.searchsorted(states, tails)],
        number[np.searchsorted(states, heads)],
    )
