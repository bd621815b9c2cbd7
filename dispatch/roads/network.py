"""The road network of cars as immutable arrays, saved in one `network.npz`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dispatch.roads.plane import Floats, LocalPlane
from dispatch.roads.snapping import Snap, Snaps, StreetIndex, StreetsBeside
from dispatch.roads.turn_bans import Run
from dispatch.roads.turns import TurnGraph, expand

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LatLon = tuple[float, float]
"""(latitude, longitude) in degrees, WGS-84."""

NETWORK_FILE = "network.npz"
SNAP_LIMIT_M = 1000.0
"""A point farther than this from every road lies outside the network."""


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """N junctions and E directed edges; a two-way street is two edges, each the other's twin.

    The points of edge e are `line_lat[line_start[e]:line_start[e + 1]]` and `line_lon` alike,
    in the direction of driving, both ends included. Banned run r likewise is
    `ban_edge[ban_start[r]:ban_start[r + 1]]`.
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
    edge_through: Bools
    """False where only journeys that begin or end on the road may drive it."""
    node_open: Bools
    """False at barriers that cars don't pass."""
    ban_start: Ints
    ban_edge: Ints

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).flags.writeable = False

    @classmethod
    def load(cls, folder: Path) -> RoadNetwork:
        """The network in a version's folder. Raises OSError or ValueError where it is broken."""
        with np.load(folder / NETWORK_FILE, allow_pickle=False) as arrays:
            known = {name: arrays[name] for name in arrays.files}
        # Maps imported before rules for turning were read know none, and stay in use.
        known.setdefault("edge_through", np.ones(len(known["edge_from"]), dtype=np.bool_))
        known.setdefault("node_open", np.ones(len(known["node_lat"]), dtype=np.bool_))
        known.setdefault("ban_start", np.zeros(1, dtype=np.int64))
        known.setdefault("ban_edge", np.zeros(0, dtype=np.int64))
        return cls(**{field.name: known[field.name] for field in fields(cls)})

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
    def edge_duration_ms(self) -> Ints:
        """Whole milliseconds to drive each edge at the map's own speeds."""
        return self.durations_ms(self.edge_speed_kmh)

    @cached_property
    def edge_length_dm(self) -> Ints:
        """Whole decimetres of each edge: sums of them are exact, as those of durations are."""
        return np.rint(self.edge_length_m * 10).astype(np.int64)

    def durations_ms(self, edge_speed_kmh: Floats) -> Ints:
        """Whole milliseconds to drive each edge, at least one: sums of them are exact."""
        durations = np.rint(self.edge_length_m / (edge_speed_kmh / 3600.0))
        return np.maximum(durations, 1).astype(np.int64)

    @property
    def banned_runs(self) -> list[Run]:
        """Edges that may not be driven one after the other."""
        edges = self.ban_edge.tolist()
        return [tuple(edges[start:end]) for start, end in pairwise(self.ban_start.tolist())]

    @cached_property
    def turns(self) -> TurnGraph:
        """Which edge may follow which."""
        return expand(self)

    @cached_property
    def strong_nodes(self) -> Bools:
        """Which nodes lie at an edge of the main part of the network."""
        strong = np.zeros(self.node_count, dtype=np.bool_)
        strong[self.edge_from[self.strong_edges]] = True
        strong[self.edge_to[self.strong_edges]] = True
        return strong

    @cached_property
    def strong_edges(self) -> Ints:
        """The edges that can be both reached and left, from and to the main part of the network."""
        leads_in, led_to = self.turns.connected
        return np.flatnonzero(leads_in & led_to)

    def line(self, edge: int) -> tuple[Floats, Floats]:
        """Latitudes and longitudes of an edge's points."""
        part = slice(int(self.line_start[edge]), int(self.line_start[edge + 1]))
        return self.line_lat[part], self.line_lon[part]

    def spans(self, point: LatLon) -> bool:
        """Whether a point lies between the network's junctions, wherever its roads are."""
        (south, west), (north, east) = self._extent
        return south <= point[0] <= north and west <= point[1] <= east

    @cached_property
    def _extent(self) -> tuple[LatLon, LatLon]:
        return (
            (float(self.node_lat.min()), float(self.node_lon.min())),
            (float(self.node_lat.max()), float(self.node_lon.max())),
        )

    @cached_property
    def plane(self) -> LocalPlane:
        return LocalPlane(float(self.node_lat.mean()), float(self.node_lon.mean()))

    @cached_property
    def _connected_streets(self) -> StreetIndex:
        """Streets that a vehicle can both reach and leave, in whichever direction."""
        leads_in, led_to = (
            edges | (edges[self.edge_twin] & (self.edge_twin >= 0))
            for edges in self.turns.connected
        )
        return self._index(leads_in & led_to)

    @cached_property
    def _all_streets(self) -> StreetIndex:
        return self._index(np.ones(self.edge_count, dtype=np.bool_))

    def _index(self, wanted: Bools) -> StreetIndex:
        """The lines of streets, each once for both its directions."""
        numbers = np.arange(self.edge_count)
        first = (self.edge_twin < 0) | (numbers < self.edge_twin)
        edges = np.flatnonzero(wanted & first)
        counts = np.diff(self.line_start)[edges]
        before = np.repeat(np.cumsum(counts) - counts, counts)
        points = np.repeat(self.line_start[edges], counts) + np.arange(counts.sum()) - before
        east, north = self.plane.to_metres(self.line_lat[points], self.line_lon[points])
        return StreetIndex(edges, east, north, counts)

    def nearest_edge(self, point: LatLon) -> Snap | None:
        """The nearest street that can be reached and left; None beyond SNAP_LIMIT_M."""
        return self._nearest(self._connected_streets, point)

    def nearest_edges(self, points: Sequence[LatLon]) -> Snaps:
        """`nearest_edge` of many points at once."""
        at = np.array(points, dtype=np.float64).reshape(-1, 2)
        east, north = self.plane.to_metres(at[:, 0], at[:, 1])
        return self._connected_streets.nearest_each(east, north, SNAP_LIMIT_M)

    def nearest_road(self, point: LatLon) -> Snap | None:
        """The nearest street, whether or not it is joined to others; None beyond SNAP_LIMIT_M."""
        return self._nearest(self._all_streets, point)

    def _nearest(self, streets: StreetIndex, point: LatLon) -> Snap | None:
        east, north = self.plane.to_metres(np.array([point[0]]), np.array([point[1]]))
        return streets.nearest(float(east[0]), float(north[0]), SNAP_LIMIT_M)

    def streets_within(self, lats: Floats, lons: Floats, limit_m: float) -> StreetsBeside:
        """The streets near each of many points, whether or not they are joined to others."""
        return self._all_streets.within(*self.plane.to_metres(lats, lons), limit_m)

    def position(self, snap: Snap) -> LatLon:
        """Where a snapped point lies on its street."""
        return self.points_between(snap.edge, snap.share, snap.share)[0]

    def points_at(self, edges: Ints, shares: Floats) -> tuple[Floats, Floats]:
        """Latitudes and longitudes at shares of edges' lengths, elementwise."""
        wanted = 2.0 * edges + shares
        return (
            np.interp(wanted, self._line_marks, self.line_lat),
            np.interp(wanted, self._line_marks, self.line_lon),
        )

    @cached_property
    def _line_marks(self) -> Floats:
        """For each point of the lines, twice its edge's number and its share of the length."""
        east, north = self.plane.to_metres(self.line_lat, self.line_lon)
        gone = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(east), np.diff(north)))])
        counts = np.diff(self.line_start)
        first, last = self.line_start[:-1], self.line_start[1:] - 1
        # An edge whose ends coincide has no length to share out.
        length = np.maximum(gone[last] - gone[first], 1e-9)
        share = (gone - np.repeat(gone[first], counts)) / np.repeat(length, counts)
        marks: Floats = np.repeat(2.0 * np.arange(self.edge_count), counts)
        marks += np.clip(share, 0.0, 1.0)
        return marks

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
