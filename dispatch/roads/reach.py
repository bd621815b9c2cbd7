"""How far one comes in a given time: the stretches of road, and the area that they cover."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from dispatch.roads.network import Ints, RoadNetwork
from dispatch.roads.plane import Floats

BESIDE_ROADS_M = 60.0
"""What lies this near to a reached road is reached."""


@dataclass(frozen=True, eq=False)
class Reach:
    """R stretches of edges, each from share to share of its edge's length.

    An edge by which one sets out may have two: ahead of the start, and up to it when one comes back
    """

    edge: Ints
    start: Floats
    end: Floats

    def lines(self, network: RoadNetwork) -> Iterator[LineString]:
        """The stretches as lines of (longitude, latitude); those without length are left out."""
        for edge, start, end in zip(
            self.edge.tolist(), self.start.tolist(), self.end.tolist(), strict=True
        ):
            if end > start:
                points = network.points_between(edge, start, end)
                yield LineString([(lon, lat) for lat, lon in points])


def reach(
    network: RoadNetwork,
    edge_duration_ms: Ints,
    directions: Iterable[tuple[int, float]],
    within_s: float,
) -> Reach:
    """What is reached within `within_s` seconds.

    directions: edges by which one may set out, and how far along them one stands
    """
    turns, limit_ms = network.turns, within_s * 1000
    shape = (turns.state_count, turns.state_count)
    weights = turns.weights_ms(edge_duration_ms).astype(np.float64)
    graph = csr_array((weights, (turns.arc_from, turns.arc_to)), shape=shape)
    begun_ms, behind = np.full(network.edge_count, np.inf), np.ones(network.edge_count)
    setting_out = sorted(set(directions))
    for edge, share in setting_out:
        gone_ms = share * edge_duration_ms[edge]
        found = dijkstra(graph, indices=np.array([edge]), limit=limit_ms + gone_ms)[0]
        # The search stands at the start of the edge already; whoever comes back drove round to it.
        back = turns.arc_to == edge
        found[edge] = np.min(found[turns.arc_from[back]] + weights[back], initial=np.inf)
        np.minimum.at(begun_ms, turns.state_edge, found - gone_ms)
        behind[edge] = share
    reached = np.flatnonzero(begun_ms <= limit_ms)
    end = (limit_ms - begun_ms[reached]) / edge_duration_ms[reached]
    edges, shares = (np.array(column) for column in zip(*setting_out, strict=True))
    ahead = np.minimum(shares + limit_ms / edge_duration_ms[edges], 1.0)
    return Reach(
        np.concatenate([edges, reached]),
        np.concatenate([shares, np.zeros(len(reached))]),
        np.concatenate([ahead, np.minimum(end, behind[reached])]),
    )


def area(network: RoadNetwork, reached: Reach, beside_m: float = BESIDE_ROADS_M) -> BaseGeometry:
    """The ground along reached roads: polygons of (longitude, latitude)."""
    plane = network.plane

    def to_metres(points: Floats) -> Floats:
        return np.column_stack(plane.to_metres(points[:, 1], points[:, 0]))

    def to_degrees(points: Floats) -> Floats:
        lats, lons = plane.to_degrees(points[:, 0], points[:, 1])
        return np.column_stack([lons, lats])

    roads = shapely.transform(shapely.union_all(list(reached.lines(network))), to_metres)
    return shapely.transform(roads.buffer(beside_m), to_degrees)
