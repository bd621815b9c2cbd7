"""The street nearest to a point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from dispatch.roads.plane import Floats


@dataclass(frozen=True, slots=True)
class Snap:
    """The point of the network nearest to a point: `share` of the edge's length from its start."""

    edge: int
    share: float
    distance_m: float


@dataclass(frozen=True, eq=False)
class Snaps:
    """The nearest street of each of P points, all of shape (P,); edge -1 where none is near."""

    edge: npt.NDArray[np.int64]
    share: Floats
    distance_m: Floats


@dataclass(frozen=True, eq=False)
class StreetsBeside:
    """Q pairs of a point and a street near it, by point and then by nearness, all of shape (Q,)."""

    point: npt.NDArray[np.int64]
    edge: npt.NDArray[np.int64]
    share: Floats
    distance_m: Floats


class StreetIndex:
    """Lines on a plane, found by nearness."""

    def __init__(
        self,
        edges: npt.NDArray[np.int64],
        east_m: Floats,
        north_m: Floats,
        counts: npt.NDArray[np.int64],
    ) -> None:
        """edges: whose lines; counts: how many of the points belong to each, in this order"""
        line_of_point = np.repeat(np.arange(len(edges)), counts)
        points = np.column_stack([east_m, north_m])
        self._edges = edges
        self._lines = np.asarray(shapely.linestrings(points, indices=line_of_point), dtype=object)
        self._tree = shapely.STRtree(self._lines)

    def nearest(self, east_m: float, north_m: float, limit_m: float) -> Snap | None:
        """The nearest street within so many metres."""
        found = self.nearest_each(np.array([east_m]), np.array([north_m]), limit_m)
        if found.edge[0] < 0:
            return None
        return Snap(int(found.edge[0]), float(found.share[0]), float(found.distance_m[0]))

    def nearest_each(self, east_m: Floats, north_m: Floats, limit_m: float) -> Snaps:
        """The nearest street within so many metres of each point."""
        here = np.asarray(shapely.points(east_m, north_m), dtype=object)
        (point, line), metres = self._tree.query_nearest(
            here, max_distance=limit_m, return_distance=True, all_matches=False
        )
        edge = np.full(len(here), -1, dtype=np.int64)
        share, distance_m = np.zeros(len(here)), np.full(len(here), np.inf)
        edge[point], distance_m[point] = self._edges[line], metres
        share[point] = shapely.line_locate_point(self._lines[line], here[point], normalized=True)
        return Snaps(edge, share, distance_m)

    def within(self, east_m: Floats, north_m: Floats, limit_m: float) -> StreetsBeside:
        """All streets within so many metres of each point."""
        here = np.asarray(shapely.points(east_m, north_m), dtype=object)
        point, line = self._tree.query(here, predicate="dwithin", distance=limit_m)
        lines, points = self._lines[line], here[point]
        distances_m = shapely.distance(lines, points)
        order = np.lexsort((self._edges[line], distances_m, point))
        shares = shapely.line_locate_point(lines, points, normalized=True)
        return StreetsBeside(
            point[order], self._edges[line[order]], shares[order], distances_m[order]
        )
