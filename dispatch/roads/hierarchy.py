"""Contraction hierarchies: a graph is prepared once, weighted in milliseconds, asked in less.

Customizable contraction hierarchies (Dibbelt, Strasser, Wagner 2016, "Customizable Contraction
Hierarchies", ACM JEA 21), by RoutingKit through `pyroutingkit`.
"""

from __future__ import annotations

import threading
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
from pyroutingkit import INF_WEIGHT, CCHMetric, CCHTopology

from dispatch.roads.border_table import BorderTable
from dispatch.roads.network import Ints
from dispatch.roads.partition import MOST_STATES, Partition, cut
from dispatch.roads.plane import Floats
from dispatch.roads.shortest import Paths
from dispatch.roads.turns import TurnGraph

_MANY = 16
"""Of fewer sources or targets the search is done before tables are looked up."""


class HierarchyEngine:
    """The order of contraction of a graph, which serves any weights."""

    def __init__(self, graph: TurnGraph, topology: CCHTopology) -> None:
        self._graph = graph
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
        return cls(graph, topology)

    @classmethod
    def restore(cls, graph: TurnGraph, order: Ints) -> HierarchyEngine:
        """Take an order that was found before; any order gives right answers.

        Raises ValueError where it isn't one of this graph's states.
        """
        if not np.array_equal(np.sort(order), np.arange(graph.state_count)):
            raise ValueError("the order is not that of the graph")
        return cls(graph, _contracted(order, graph.arc_from, graph.arc_to))

    def order(self) -> Ints:
        """The states in the order of their contraction."""
        with TemporaryDirectory(prefix="gongche-order-") as name:
            self._topology.save(name)
            return np.fromfile(Path(name) / "order", dtype=np.uint32).astype(np.int64)

    def paths(self, weights_ms: Ints) -> Paths:
        """Fastest paths under these weights."""
        return HierarchyPaths(self, weights_ms.astype(np.uint32))

    def metric(self, weights_ms: npt.NDArray[np.uint32], *, back: bool) -> CCHMetric:
        """These weights on the graph, or on the same graph driven backwards."""
        metric = CCHMetric(self._backwards if back else self._topology)
        metric.customize(weights_ms)
        return metric

    @cached_property
    def partition(self) -> Partition | None:
        """The graph in parts; None of one that is too large for it."""
        if self._graph.state_count > MOST_STATES:
            return None
        return cut(self._graph, self.order())

    @cached_property
    def _backwards(self) -> CCHTopology:
        return _contracted(self.order(), self._graph.arc_to, self._graph.arc_from)


def _contracted(order: Ints, arc_from: Ints, arc_to: Ints) -> CCHTopology:
    """A graph's contraction in a known order."""
    rank = np.empty(len(order), dtype=np.uint32)
    rank[order] = np.arange(len(order))
    topology = CCHTopology()
    # The package reads its own files only: plain vectors, one a file.
    with TemporaryDirectory(prefix="gongche-order-") as name:
        folder = Path(name)
        order.astype(np.uint32).tofile(folder / "order")
        rank.tofile(folder / "rank")
        arc_from.astype(np.uint32).tofile(folder / "tail")
        arc_to.astype(np.uint32).tofile(folder / "head")
        np.array([len(order)], dtype=np.uint32).tofile(folder / "node_count")
        topology.load(name)
    return topology


class HierarchyPaths:
    """Answers under one set of weights; one question at a time, from any thread.

    A source costs a search of its own, a target next to nothing: where targets are fewer, as with
    many vehicles and one place, the question is put to the graph driven backwards. Of many sources
    and many targets a table answers, once it has been made ready.
    """

    def __init__(self, engine: HierarchyEngine, weights_ms: npt.NDArray[np.uint32]) -> None:
        self._engine = engine
        self._weights_ms = weights_ms
        self._metric = engine.metric(weights_ms, back=False)
        # The metric keeps its search in itself.
        self._asking = threading.Lock()
        self._table: BorderTable | None = None

    def make_ready(self) -> None:
        with self._asking:
            _ = self._back
        partition = self._engine.partition
        if self._table is None and partition is not None:
            weights_ms = self._weights_ms.astype(np.int64)
            self._table = BorderTable(partition, weights_ms, self._searched)

    def durations_ms(self, sources: Ints, targets: Ints) -> Floats:
        if self._table is not None and min(len(sources), len(targets)) >= _MANY:
            return self._table.durations_ms(sources, targets)
        return self._searched(sources, targets)

    def path(self, source: int, target: int) -> list[int]:
        with self._asking:
            duration_ms, states, _ = self._metric.query(source, target)
        return list(states) if duration_ms < INF_WEIGHT else []

    def _searched(self, sources: Ints, targets: Ints) -> Floats:
        if len(sources) == 0 or len(targets) == 0:
            return np.empty((len(sources), len(targets)))
        ends = sources.astype(np.uint32), targets.astype(np.uint32)
        with self._asking:
            if len(targets) < len(sources):
                found = self._back.distances_many_to_many(*reversed(ends)).T
            else:
                found = self._metric.distances_many_to_many(*ends)
        return np.where(found >= INF_WEIGHT, np.inf, found.astype(np.float64))

    @cached_property
    def _back(self) -> CCHMetric:
        return self._engine.metric(self._weights_ms, back=True)
