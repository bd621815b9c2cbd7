"""Fastest ways from the start of one edge to the start of another, with every turn permitted."""

from __future__ import annotations

import numpy as np

from dispatch.roads.network import Ints, RoadNetwork
from dispatch.roads.plane import Floats
from dispatch.roads.shortest import DijkstraEngine, PathEngine, Paths
from dispatch.roads.turns import TurnGraph


def best_engine(network: RoadNetwork) -> PathEngine:
    """Contraction hierarchies; Dijkstra where their package has no build for the machine.

    A state lies where its edge ends: edges into one junction are neighbours then, and the graph
    falls apart along fewer turns than by their middles (measured: decision 0019).
    """
    try:
        from dispatch.roads.hierarchy import HierarchyEngine
    except ImportError:
        return DijkstraEngine(network.turns)
    ends = network.edge_to[network.turns.state_edge]
    return HierarchyEngine(network.turns, network.node_lat[ends], network.node_lon[ends])


class EdgePaths:
    """Fastest ways between edges, of whole milliseconds."""

    def __init__(self, turns: TurnGraph, edge_duration_ms: Ints, engine: PathEngine) -> None:
        self._turns = turns
        self._weights_ms = turns.weights_ms(edge_duration_ms)
        self._paths: Paths = engine.paths(self._weights_ms)
        self._around: dict[int, tuple[float, int]] = {}

    def durations_ms(self, sources: Ints, targets: Ints) -> Floats:
        """(S, T) milliseconds from edge to edge; 0 from an edge to itself, infinity for no way."""
        states, first = self._turns.states_of(targets)
        found = self._paths.durations_ms(sources, states)
        if len(states) == len(targets):  # also where there are none
            return found
        return np.minimum.reduceat(found, first, axis=1)

    def path(self, source: int, target: int) -> list[int]:
        """The edges of a fastest way, both ends included; empty where none leads."""
        states, _ = self._turns.states_of(np.array([target]))
        nearest = self._paths.durations_ms(np.array([source]), states)[0].argmin()
        found = self._paths.path(source, int(states[nearest]))
        return self._turns.state_edge[found].tolist() if found else []

    def around_ms(self, edge: int) -> float:
        """Milliseconds from the start of an edge round to its start again; infinity for no way."""
        return self._way_around(edge)[0]

    def path_around(self, edge: int) -> list[int]:
        """The edges of the fastest way round, `edge` at both ends; empty where none leads."""
        duration_ms, second = self._way_around(edge)
        if not np.isfinite(duration_ms):
            return []
        states, _ = self._turns.states_of(np.array([edge]))
        nearest = self._paths.durations_ms(np.array([second]), states)[0].argmin()
        found = self._paths.path(second, int(states[nearest]))
        return [edge, *self._turns.state_edge[found].tolist()]

    def _way_around(self, edge: int) -> tuple[float, int]:
        """How long the way round takes, and the state that it starts with."""
        if edge not in self._around:
            arcs = self._turns.arcs_from(edge)
            seconds = self._turns.arc_to[arcs]
            states, _ = self._turns.states_of(np.array([edge]))
            back = self._paths.durations_ms(seconds, states).min(axis=1, initial=np.inf)
            total = self._weights_ms[arcs] + back
            best = int(total.argmin()) if len(total) else -1
            self._around[edge] = (
                (float(total[best]), int(seconds[best])) if best >= 0 else (np.inf, -1)
            )
        return self._around[edge]
