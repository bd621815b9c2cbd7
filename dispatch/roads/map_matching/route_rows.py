"""All routes from an edge within a bound: what whoever searches for them answers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.sparse import csr_array

from dispatch.roads.network import Ints, RoadNetwork
from dispatch.roads.plane import Floats

log = logging.getLogger(__name__)

U_TURN_DM = 500
"""Turning round in the road counts as so many decimetres more: noise shouldn't look like it."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Routes from R edges, one edge's after the other's.

    count: (R,) how many each edge has; state, length_dm: where each leads, ascending for each
    edge, and how many decimetres it is from the start of the edge to the start of the state's
    """

    edge: Ints
    count: Ints
    state: Ints
    length_dm: Ints


class RowSearch(Protocol):
    """Finds rows on one network; not to be shared by threads."""

    def rows(self, edges: Ints, bound_m: Floats) -> Iterator[Rows]:
        """All routes from each of these edges up to its bound, in whichever order of edges."""


SearchOn = Callable[[RoadNetwork, csr_array], RowSearch]
"""Makes a search on a network and its graph of lengths."""


def length_graph(network: RoadNetwork) -> csr_array:
    """The turn graph, weighed with decimetres from the start of a state's edge to the next's."""
    turns = network.turns
    weights = turns.of_arcs(network.edge_length_dm) + np.where(turns.arc_u_turn, U_TURN_DM, 0)
    shape = (turns.state_count, turns.state_count)
    # SciPy takes a stored 0 for no arc.
    ends = (turns.arc_from, turns.arc_to)
    return csr_array((np.maximum(weights, 1).astype(np.float64), ends), shape=shape)


def compiled_rows(network: RoadNetwork, graph: csr_array) -> RowSearch:
    """The search for whoever matches many tracks; the compiler is loaded here (decision 0025).

    SciPy's where the compiler has no build for the machine, or no folder to keep its work in.
    """
    try:
        from dispatch.roads.map_matching.compiled_rows import CompiledRows
    except (ImportError, RuntimeError) as problem:
        from dispatch.roads.map_matching.dijkstra_rows import DijkstraRows

        log.warning("routes are searched without the compiler", extra={"error": str(problem)})
        return DijkstraRows(network, graph)
    return CompiledRows(network, graph)
