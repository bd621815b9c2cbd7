"""Contraction hierarchies: a graph is prepared once, weighted in milliseconds, asked in less.

Customizable contraction hierarchies (Dibbelt, Strasser, Wagner 2016, "Customizable Contraction
Hierarchies", ACM JEA 21), by RoutingKit through `pyroutingkit`.
"""

from __future__ import annotations

import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from pyroutingkit import INF_WEIGHT, CCHMetric, CCHTopology

from dispatch.roads.network import Ints
from dispatch.roads.plane import Floats
from dispatch.roads.shortest import Paths
from dispatch.roads.turns import TurnGraph


class HierarchyEngine:
    """The order of contraction of a graph, which serves any weights."""

    def __init__(self, topology: CCHTopology) -> None:
        self._topology = topology

    @classmethod
    def prepare(cls, graph: TurnGraph, state_lat: Floats, state_lon: Floats) -> HierarchyEngine:
        """Find an order, by where each state lies: the long part of the work."""
        topology = CCHTopology()
        topology.build(
            graph.arc_from.astype(np.uint32),
            graph.arc_to.astype(np.uint32),
            state_lat.astype(np.float32),
            state_lon.astype(np.float32),
            graph.state_count,
        )
        return cls(topology)

    @classmethod
    def restore(cls, graph: TurnGraph, order: Ints) -> HierarchyEngine:
        """Take an order that was found before; any order gives right answers.

        Raises ValueError where it isn't one of this graph's states.
        """
        if not np.array_equal(np.sort(order), np.arange(graph.state_count)):
            raise ValueError("the order is not that of the graph")
        rank = np.empty(graph.state_count, dtype=np.uint32)
        rank[order] = np.arange(graph.state_count)
        topology = CCHTopology()
        # The package reads its own files only: plain vectors, one a file.
        with TemporaryDirectory(prefix="gongche-order-") as name:
            folder = Path(name)
            order.astype(np.uint32).tofile(folder / "order")
            rank.tofile(folder / "rank")
            graph.arc_from.astype(np.uint32).tofile(folder / "tail")
            graph.arc_to.astype(np.uint32).tofile(folder / "head")
            np.array([graph.state_count], dtype=np.uint32).tofile(folder / "node_count")
            topology.load(name)
        return cls(topology)

    def order(self) -> Ints:
        """The states in the order of their contraction."""
        with TemporaryDirectory(prefix="gongche-order-") as name:
            self._topology.save(name)
            return np.fromfile(Path(name) / "order", dtype=np.uint32).astype(np.int64)

    def paths(self, weights_ms: Ints) -> Paths:
        """Fastest paths under these weights."""
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
