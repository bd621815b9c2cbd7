"""Rows of routes by SciPy's Dijkstra on a cut of the graph: nothing to compile, nothing to load."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from dispatch.roads.map_matching.route_rows import Rows
from dispatch.roads.network import Ints, RoadNetwork
from dispatch.roads.plane import Floats

_TILE_M = 3000.0


class DijkstraRows:
    """Searches from all edges of a tile and a bound at once, on the graph around them."""

    def __init__(self, network: RoadNetwork, graph: csr_array) -> None:
        self._graph = graph
        self._out_degree = np.diff(graph.indptr)
        self._place = np.full(graph.shape[0], -1, dtype=np.int32)
        starts = network.edge_from[network.turns.state_edge]
        east, north = network.plane.to_metres(network.node_lat[starts], network.node_lon[starts])
        self._east_m, self._north_m = east, north

    def rows(self, edges: Ints, bound_m: Floats) -> Iterator[Rows]:
        """All routes from each of these edges up to its bound, tile by tile."""
        tile = np.stack([bound_m, self._east_m[edges] // _TILE_M, self._north_m[edges] // _TILE_M])
        _, of = np.unique(tile, axis=1, return_inverse=True)
        order = np.argsort(of, kind="stable")
        for part in np.split(order, np.flatnonzero(np.diff(of[order])) + 1):
            yield self._near_one_another(edges[part], float(bound_m[part[0]]))

    def _near_one_another(self, edges: Ints, bound_m: float) -> Rows:
        """The rows of edges of a tile: all that they reach lies within the bound around it."""
        states = self._around(edges, bound_m)
        roots = np.searchsorted(states, edges)
        length_dm = dijkstra(self._cut(states), indices=roots, limit=bound_m * 10)
        reached = length_dm <= bound_m * 10
        counts = np.count_nonzero(reached, axis=1)
        cell = np.flatnonzero(reached)
        column = cell - np.repeat(np.arange(len(edges)) * len(states), counts)
        return Rows(edges, counts, states[column], length_dm.ravel()[cell].astype(np.int64))

    def _cut(self, states: Ints) -> csr_array:
        """The graph of some states, ascending, and the arcs between them."""
        self._place[states] = np.arange(len(states))
        begins, counts = self._graph.indptr[states], self._out_degree[states]
        ends = np.cumsum(counts)
        arc = np.repeat(begins - ends + counts, counts) + np.arange(ends[-1])
        to = self._place[self._graph.indices[arc]]
        self._place[states] = -1
        kept = to >= 0
        starts = np.concatenate([[0], np.cumsum(kept)])[np.concatenate([[0], ends])]
        arcs = self._graph.data[arc[kept]], to[kept], starts.astype(np.int32)
        return csr_array(arcs, shape=(len(states), len(states)))

    def _around(self, edges: Ints, bound_m: float) -> Ints:
        """States within the bound of the box around the edges' starts, ascending."""
        east, north = self._east_m[edges], self._north_m[edges]
        inside = (self._north_m >= north.min() - bound_m) & (self._north_m <= north.max() + bound_m)
        inside &= (self._east_m >= east.min() - bound_m) & (self._east_m <= east.max() + bound_m)
        return np.flatnonzero(inside)
