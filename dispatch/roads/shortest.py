"""Fastest paths from many nodes at once, by SciPy's Dijkstra, with their lengths.

Exact on the network's durations; a contraction hierarchy may take this place behind the same
three questions (durations, lengths, path) and is then tested against it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from dispatch.roads.network import Ints, RoadNetwork
from dispatch.roads.plane import Floats


@dataclass(frozen=True, eq=False)
class Forest:
    """The fastest paths from S sources to all N nodes: one tree a row."""

    sources: Ints
    duration_s: Floats
    """(S, N) seconds; infinity where a node can't be reached."""
    previous: Ints
    """(S, N) the node before each node on its path; negative at the source and where unreached."""


class ShortestPaths:
    """Fastest paths on one network."""

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network
        # Of parallel streets between two junctions only the fastest can lie on a fastest path.
        order = np.lexsort((network.edge_duration_s, network.edge_to, network.edge_from))
        keys = (network.edge_from * network.node_count + network.edge_to)[order]
        self._keys, first = np.unique(keys, return_index=True)
        self._edges: Ints = order[first]
        ends = (network.edge_from[self._edges], network.edge_to[self._edges])
        shape = (network.node_count, network.node_count)
        self._graph = csr_array((network.edge_duration_s[self._edges], ends), shape=shape)

    def forest(self, sources: Ints) -> Forest:
        """The fastest paths from each of `sources`."""
        duration_s, previous = dijkstra(self._graph, indices=sources, return_predecessors=True)
        return Forest(sources, duration_s, previous.astype(np.int64))

    def lengths_m(self, forest: Forest, targets: Ints) -> Floats:
        """(S, T) metres along the fastest paths to `targets`.

        By pointer jumping: each round doubles the part of a path that is summed, so that a path
        of n edges takes log2(n) rounds over all trees at once (JáJá 1992, section 2.2).
        """
        nodes = np.arange(self._network.node_count)
        rows = np.arange(len(forest.sources))[:, None]
        linked = forest.previous >= 0
        before = np.where(linked, forest.previous, nodes)
        lengths = np.where(linked, self._network.edge_length_m[self._edge(before, nodes)], 0.0)
        while True:
            further = before[rows, before]
            if np.array_equal(further, before):
                return lengths[:, targets]
            lengths += lengths[rows, before]
            before = further

    def path(self, forest: Forest, row: int, target: int) -> list[int]:
        """The edges of the fastest path of one source to a node, in the order of driving."""
        edges: list[int] = []
        node = target
        while (before := int(forest.previous[row, node])) >= 0:
            edges.append(int(self._edge(np.array(before), np.array(node))))
            node = before
        return edges[::-1]

    def _edge(self, start: Ints, end: Ints) -> Ints:
        keys = start * self._network.node_count + end
        found = np.searchsorted(self._keys, keys).clip(max=len(self._keys) - 1)
        edges: Ints = self._edges[found]
        return edges
