"""Which engine answers on a network, and the file that spares its preparation."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np

from dispatch.roads.network import RoadNetwork
from dispatch.roads.shortest import DijkstraEngine, PathEngine

ORDER_FILE = "order.npy"

log = logging.getLogger(__name__)


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
    return HierarchyEngine.prepare(network.turns, network.node_lat[ends], network.node_lon[ends])


def save_order(engine: PathEngine, folder: Path) -> None:
    """Keep what an engine has prepared in a map version's folder, if it prepares anything."""
    try:
        from dispatch.roads.hierarchy import HierarchyEngine
    except ImportError:
        return
    if isinstance(engine, HierarchyEngine):
        np.save(folder / ORDER_FILE, engine.order().astype(np.uint32), allow_pickle=False)


def load_engine(network: RoadNetwork, folder: Path) -> PathEngine:
    """The engine of a map version; prepared anew where its folder doesn't spare it that."""
    try:
        from dispatch.roads.hierarchy import HierarchyEngine

        order = np.load(folder / ORDER_FILE, allow_pickle=False)
        return HierarchyEngine.restore(network.turns, order.astype(np.int64))
    except FileNotFoundError:
        pass  # imported by an earlier version, or where nothing is prepared
    except (ImportError, OSError, EOFError, ValueError, RuntimeError) as problem:
        log.warning("a map's order is of no use", extra={"map": folder.name, "error": str(problem)})
    return best_engine(network)
