"""The road network of cars as immutable arrays, saved in one `network.npz`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from dispatch.roads.plane import Floats, LocalPlane

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LatLon = tuple[float, float]
"""(latitude, longitude) in degrees, WGS-84."""

NETWORK_FILE = "network.npz"
SNAP_LIMIT_M = 1000.0
"""A point farther than this from every road lies outside the network."""


@dataclass(frozen=True, slots=True)
class Snap:
    """The point of the network nearest to a point: `share` of the edge's length from its start."""

    edge: int
    share: float
    distance_m: float


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """N junctions and E directed edges; a two-way street is two edges, each the other's twin.

    The points of edge e are `line_lat[line_start[e]:line_start[e + 1]]` and `line_lon` alike,
    in the direction of driving, both ends included.
    """

    node_lat: Floats
    node_lon: Floats
    edge_from: Ints
    edge_to: Ints
    edge_twin: Ints
    """The edge of the other direction, -1 where the street is one-way."""
    edge_length_m: Floats
    edge_speed_kmh: Floats
    edge_way_id: Ints
    """The OpenStreetMap way that the edge is a part of."""
    line_start: Ints
    line_lat: Floats
    line_lon: Floats

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).flags.writeable = False

    @classmethod
    def load(cls, folder: Path) -> RoadNetwork:
        """The network in a version's folder. Raises OSError or ValueError where it is broken."""
        with np.load(folder / NETWORK_FILE, allow_pickle=False) as arrays:
            return cls(**{field.name: arrays[field.name] for field in fields(cls)})

    def save(self, folder: Path) -> None:
        """Write the arrays into a map version's folder."""
        arrays = {field.name: getattr(self, field.name) for field in fields(self)}
        np.savez_compressed(folder / NETWORK_FILE, allow_pickle=False, **arrays)

    @property
    def node_count(self) -> int:
        return len(self.node_lat)

    @property
    def edge_count(self) -> int:
        return len(self.edge_from)

    @cached_property
    def edge_duration_s(self) -> Floats:
        """Seconds to drive each edge."""
        durations: Floats = self.edge_length_m / (self.edge_speed_kmh / 3.6)
        return durations

    @cached_property
    def strong_nodes(self) -> Bools:
        """Which nodes belong to the largest part in which every node reaches every other."""
        shape = (self.node_count, self.node_count)
        graph = csr_array((np.ones(self.edge_count), (self.edge_from, self.edge_to)), shape=shape)
        _, part = connected_components(graph, directed=True, connection="strong")
        strong: Bools = part == np.bincount(part).argmax()
        return strong

    @cached_property
    def strong_edges(self) -> Ints:
        """The edges inside the largest strongly connected part."""
        inside = self.strong_nodes[self.edge_from] & self.strong_nodes[self.edge_to]
        return np.flatnonzero(inside)

    def line(self, edge: int) -> tuple[Floats, Floats]:
        """Latitudes and longitudes of an edge's points."""
        part = slice(int(self.line_start[edge]), int(self.line_start[edge + 1]))
        return self.line_lat[part], self.line_lon[part]

    @cached_property
    def plane(self) -> LocalPlane:
        return LocalPlane(float(self.node_lat.mean()), float(self.node_lon.mean()))

    @cached_property
    def _streets(self) -> tuple[Ints, npt.NDArray[np.object_], shapely.STRtree]:
        """One edge of each street that a vehicle can both reach and leave, its line in metres."""
        edges = self.strong_edges
        twins = self.edge_twin[edges]
        streets = edges[(twins < 0) | (edges < twins)]
        east, north = self.plane.to_metres(self.line_lat, self.line_lon)
        edge_of_point = np.repeat(np.arange(self.edge_count), np.diff(self.line_start))
        all_lines = shapely.linestrings(np.column_stack([east, north]), indices=edge_of_point)
        lines = np.asarray(all_lines, dtype=object)[streets]
        return streets, lines, shapely.STRtree(lines)

    def nearest_edge(self, point: LatLon) -> Snap | None:
        """The nearest street that can be reached and left; None beyond SNAP_LIMIT_M."""
        streets, lines, tree = self._streets
        east, north = self.plane.to_metres(np.array([point[0]]), np.array([point[1]]))
        here = shapely.points(east[0], north[0])
        found, distances = tree.query_nearest(
            here, max_distance=SNAP_LIMIT_M, return_distance=True, all_matches=False
        )
        if len(found) == 0:
            return None
        nearest = int(found[0])
        share = float(shapely.line_locate_point(lines[nearest], here, normalized=True))
        return Snap(int(streets[nearest]), share, float(distances[0]))

    def position(self, snap: Snap) -> LatLon:
        """Where a snapped point lies on its street."""
        return self.points_between(snap.edge, snap.share, snap.share)[0]

    def points_between(self, edge: int, start: float, end: float) -> tuple[LatLon, ...]:
        """The points of an edge from one share of its length to another, cut ends included."""
        lats, lons = self.line(edge)
        along = self._shares(lats, lons)
        inner = np.flatnonzero((along > start) & (along < end))
        cuts = np.array([start, *along[inner], end])
        points = zip(np.interp(cuts, along, lats), np.interp(cuts, along, lons), strict=True)
        return tuple((float(lat), float(lon)) for lat, lon in points)

    def _shares(self, lats: Floats, lons: Floats) -> Floats:
        east, north = self.plane.to_metres(lats, lons)
        along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(east), np.diff(north)))])
        # An edge whose ends coincide has no length to share out.
        return along / along[-1] if along[-1] > 0 else np.linspace(0.0, 1.0, len(lats))
