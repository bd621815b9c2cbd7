"""Small maps drawn by hand, and a slow, plain judge of fastest paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dispatch.roads.extract import Line
from dispatch.roads.network import RoadNetwork

Position = tuple[float, float]


def line(way_id: int, nodes: Sequence[int], where: Mapping[int, Position], **tags: str) -> Line:
    """A way through numbered nodes; a residential street unless the tags say otherwise."""
    return Line(
        way_id,
        {"highway": "residential", **tags},
        tuple(nodes),
        np.array([where[node][0] for node in nodes]),
        np.array([where[node][1] for node in nodes]),
    )


def slow_durations_s(network: RoadNetwork, source: int) -> list[float]:
    """Bellman–Ford: relax every edge until nothing gets faster."""
    best = [float("inf")] * network.node_count
    best[source] = 0.0
    edges = list(
        zip(
            network.edge_from.tolist(),
            network.edge_to.tolist(),
            network.edge_duration_s.tolist(),
            strict=True,
        )
    )
    changed = True
    while changed:
        changed = False
        for start, end, duration_s in edges:
            if best[start] + duration_s < best[end]:
                best[end] = best[start] + duration_s
                changed = True
    return best
