"""Shortest routes from edge to edge within a bound, kept to be looked up by the million.

A map matcher asks for routes of a few hundred metres between all candidates of two positions, and
asks for the same ones with each vehicle that comes by. So the routes of an edge are found once and
kept as a row of a table (Yang and Gidófalvi 2018, "Fast map matching, an algorithm integrating
hidden Markov model with precomputation", IJGIS 32).
"""

from __future__ import annotations

import numpy as np

from dispatch.roads.map_matching.route_rows import Rows, SearchOn, compiled_rows, length_graph
from dispatch.roads.network import Ints, RoadNetwork
from dispatch.roads.plane import Floats

NO_ROUTE = np.iinfo(np.int32).max
"""Decimetres of a route that the table doesn't hold."""

MOST_ENTRIES = 24_000_000
_FIRST_BOUND_M = 400.0
_BOUND_FACTOR = 1.25


class RouteTable:
    """Rows of routes, one for each edge asked for; not to be shared by threads.

    Entry i of a row says that state `_state[i]` of the turn graph is `_length_dm[i]` decimetres
    from the start of the row's edge to the start of its own. States ascend within a row.
    """

    def __init__(
        self,
        network: RoadNetwork,
        most_entries: int = MOST_ENTRIES,
        search_on: SearchOn = compiled_rows,
    ) -> None:
        self._most_entries = most_entries
        self._state_edge = network.turns.state_edge
        graph = length_graph(network)
        self._into = graph.T.tocsr()
        self._search = search_on(network, graph)
        self._states = _states_of(self._state_edge, network.edge_count)
        self._forget()

    def _forget(self) -> None:
        edges = len(self._states)
        self._row_start = np.zeros(edges, dtype=np.int64)
        self._row_end = np.zeros(edges, dtype=np.int64)
        self._bound_m = np.zeros(edges, dtype=np.float64)
        self._used = 0
        self._state, self._length_dm = (np.zeros(1 << 16, np.int32) for _ in range(2))

    @property
    def entries(self) -> int:
        """How many routes are kept."""
        return self._used

    def prepare(self, edges: Ints, bound_m: Floats) -> None:
        """Have the routes from each edge at hand, as far as its bound; others may be forgotten."""
        wanted = np.zeros(len(self._bound_m))
        np.maximum.at(wanted, edges, bound_m)
        missing = np.flatnonzero(wanted > self._bound_m)
        if len(missing) == 0:
            return
        if self._used > self._most_entries:
            self._forget()
            missing = np.flatnonzero(wanted > 0)
        # Bounds grow by a factor: a row is found anew a few times at most.
        times = np.log(np.maximum(wanted[missing] / _FIRST_BOUND_M, 1.0)) / np.log(_BOUND_FACTOR)
        bounds = _FIRST_BOUND_M * _BOUND_FACTOR ** np.ceil(times)
        for rows in self._search.rows(missing, bounds):
            self._append(rows)
        self._bound_m[missing] = bounds

    def _append(self, rows: Rows) -> None:
        ends = self._used + np.cumsum(rows.count)
        self._row_start[rows.edge] = ends - rows.count
        self._row_end[rows.edge] = ends
        needed = self._used + len(rows.state)
        if needed > len(self._state):
            self._grow(max(needed, 2 * len(self._state)))
        self._state[self._used : needed] = rows.state
        self._length_dm[self._used : needed] = rows.length_dm
        self._used = needed

    def _grow(self, room: int) -> None:
        """Have room for so many entries."""
        for name in ("_state", "_length_dm"):
            larger = np.empty(room, np.int32)
            larger[: self._used] = getattr(self, name)[: self._used]
            setattr(self, name, larger)

    def length_dm(self, sources: Ints, targets: Ints) -> Ints:
        """Decimetres from the start of one edge to the start of another, elementwise.

        The rows of the sources must have been prepared; NO_ROUTE beyond their bounds.
        """
        return self._nearest(sources, targets)[0]

    def _nearest(self, sources: Ints, targets: Ints) -> tuple[Ints, Ints]:
        """Of the states of each target the nearest: how far, and which."""
        state = self._states[targets, 0]
        length = self._find(sources, state)
        for more in self._states.T[1:]:
            other = more[targets]
            further = np.flatnonzero(other >= 0)
            found = self._find(sources[further], other[further])
            less = found < length[further]
            length[further[less]] = found[less]
            state[further[less]] = other[further[less]]
        return length, state

    def _find(self, sources: Ints, states: Ints) -> Ints:
        """Decimetres to states; a search by halves in all rows at once."""
        low, end = self._row_start[sources], self._row_end[sources]
        high = end
        wanted = states.astype(np.int32)
        for _ in range(int((high - low).max(initial=0)).bit_length()):
            middle = (low + high) >> 1
            less = (self._state[np.minimum(middle, self._used - 1)] < wanted) & (middle < high)
            low, high = np.where(less, middle + 1, low), np.where(less, high, middle)
        found = np.minimum(low, self._used - 1)
        known = (low < end) & (self._state[found] == wanted)
        return np.where(known, self._length_dm[found], NO_ROUTE).astype(np.int64)

    def edges_after_first(self, sources: Ints, targets: Ints) -> tuple[Ints, Ints]:
        """The edges of shortest routes, without the first of each: which of them, and the edge.

        Each must be known to the table. They are followed backwards: a state came from the one
        before that explains its length; of several the lowest, whatever else the table holds.
        """
        length, state = self._nearest(sources, targets)
        which = np.flatnonzero(length > 0)
        found: list[tuple[Ints, Ints]] = []
        while len(which):
            found.append((which, self._state_edge[state[which]]))
            state[which], length[which] = self._before(sources[which], state[which], length[which])
            which = which[length[which] > 0]
        if not found:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        of = np.concatenate([numbers for numbers, _ in found[::-1]])
        edges = np.concatenate([edges for _, edges in found[::-1]])
        order = np.argsort(of, kind="stable")
        return of[order], edges[order]

    def _before(self, sources: Ints, states: Ints, length: Ints) -> tuple[Ints, Ints]:
        """The state before each on its shortest route, and how far that one is."""
        start, end = self._into.indptr[states], self._into.indptr[states + 1]
        counts = end - start
        route = np.repeat(np.arange(len(states)), counts)
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        arc = np.repeat(start, counts) + within
        before = self._into.indices[arc].astype(np.int64)
        gone = self._find(sources[route], before)
        fits = np.flatnonzero(gone + self._into.data[arc] == length[route])
        # Ascending by route and state: the first that fits is the lowest.
        first = fits[np.unique(route[fits], return_index=True)[1]]
        return before[first], gone[first]


def _states_of(state_edge: Ints, edges: int) -> Ints:
    """(E, m) the states of each edge, its own number first; -1 where it has fewer."""
    counts = np.bincount(state_edge, minlength=edges)
    order = np.argsort(state_edge, kind="stable")
    rank = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    states = np.full((edges, int(counts.max(initial=1))), -1, dtype=np.int64)
    states[state_edge[order], rank] = order
    return states
