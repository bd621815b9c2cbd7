"""A city in the making: hands out ids and turns metres into degrees."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from shapely.geometry import LineString, Point, Polygon

from demo.city.ground import CENTRE
from demo.city.model import Node, Relation, Tags, Way

Metres = tuple[float, float]


class Draft:
    """Collects nodes, ways and relations; points equal to the centimetre are one node."""

    def __init__(self) -> None:
        self.nodes: dict[int, Node] = {}
        self.ways: list[Way] = []
        self.relations: list[Relation] = []
        self._node_at: dict[Metres, int] = {}

    def way(self, points: Iterable[Metres], tags: Tags) -> int:
        """Add a way through points; returns its id."""
        node_ids = tuple(self._node(east, north) for east, north in points)
        self.ways.append(Way(len(self.ways) + 1, node_ids, tags))
        return len(self.ways)

    def line(self, line: LineString, tags: Tags) -> int:
        """Add a way along a line; returns its id."""
        return self.way(((x, y) for x, y, *_ in line.coords), tags)

    def area(self, area: Polygon, tags: Tags) -> int:
        """Add a closed way around an area, its holes left out; returns its id."""
        return self.way(((x, y) for x, y, *_ in area.exterior.coords), tags)

    def spot(self, point: Point, tags: Tags) -> int:
        """Add a node of its own; returns its id."""
        return self._new_node(point.x, point.y, tags)

    def relation(self, way_ids: Iterable[int], tags: Tags) -> None:
        """Add a relation around outer ways."""
        self.relations.append(Relation(len(self.relations) + 1, tuple(way_ids), tags))

    def _node(self, east: float, north: float) -> int:
        key = (round(east, 2), round(north, 2))
        if key not in self._node_at:
            self._node_at[key] = self._new_node(*key, {})
        return self._node_at[key]

    def _new_node(self, east: float, north: float, tags: Tags) -> int:
        lat, lon = degrees_of(east, north)
        node_id = len(self.nodes) + 1
        self.nodes[node_id] = Node(node_id, lat, lon, tags)
        return node_id


def degrees_of(east: float, north: float) -> tuple[float, float]:
    """Latitude and longitude, in the seven decimals that OpenStreetMap keeps."""
    lats, lons = CENTRE.to_degrees(np.array([east]), np.array([north]))
    return round(float(lats[0]), 7), round(float(lons[0]), 7)
