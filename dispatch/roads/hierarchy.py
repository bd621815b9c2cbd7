"""Contraction hierarchies: a graph is prepared once, weighted in milliseconds, asked in less.

Customizable contraction hierarchies (Dibbelt, Strasser, Wagner 2016, "Customizable Contraction
Hierarchies", ACM JEA 21), by RoutingKit through `pyroutingkit`.
"""

from __future__ import annotations

import threading

import numpy as np
from pyroutingkit import INF_WEIGHT, CCHMetric, CCHTopology

from dispatch.roads.network import Ints
from dispatch.roads.plane import Floats
from dispatch.roads.shortest import Paths
from dispatch.roads.turns import TurnGraph


class HierarchyEngine:
    """The order of contraction of a graph, which serves any weights."""

    def __init__(self, graph: TurnGraph, state_lat: Floats, state_lon: Floats) -> None:
        """`state_lat`, `state_lon`: where each state lies; by them the graph is taken apart."""
        self._topology = CCHTopology()
        self._topology.build(
            graph.arc_from.astype(np.uint32),
            graph.arc_to.astype(np.uint32),
            state_lat.astype(np.float32),
            state_lon.astype(np.float32),
            graph.state_count,
        )

    def paths(self, weights_ms: Ints) -> Paths:
        metric = CCHMetric(self._topology)
        metric.customize(weights_ms.astype(np.uint32))
        return HierarchyPaths(metric)


class HierarchyPaths:
    """Answers under one set of weights; one question at a time, from any thread."""

    def __init__(self, metric: CCHMetric) -> None:
        self._metric = metric
        # The metric keeps its search in itself.
        self._asking = threading.Lock()

    def durations_ms(self, sources: Ints, targets: Ints) -> Floats:
        if len(sources) == 0 or len(targets) == 0:
            return np.empty((len(sources), len(targets)))
        with self._asking:
            found = self._metric.distances_many_to_many(
                sources.astype(np.uint32), targets.astype(np.uint32)
            )
        return np.where(found >= INF_WEIGHT, np.inf, found.astype(np.float64))

    def path(self, source: int, target: int) -> list[int]:
        with self._asking:
            duration_ms, states, _ = self._metric.query(source, target)
        return list(states) if duration_ms < INF_WEIGHT else []
