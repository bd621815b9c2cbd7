"""Ways become a network: cut at junctions, one edge for each direction that cars may drive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians

import numpy as np

from dispatch.roads.errors import NoRoadsInMap
from dispatch.roads.importing.access_rules import CarAccess, car_access
from dispatch.roads.importing.car_rules import Direction, car_direction, driven_speed_kmh
from dispatch.roads.importing.extract import Line
from dispatch.roads.importing.restrictions import TurnRestriction
from dispatch.roads.network import Ints, RoadNetwork
from dispatch.roads.plane import Floats, distance_m
from dispatch.roads.turn_bans import Arm, Run, banned_runs, course

SHORTEST_EDGE_M = 0.1
"""Two nodes at one place still make an edge of some length: a weight of zero means no edge."""


@dataclass(frozen=True, slots=True)
class _Edge:
    start: int
    end: int
    twin: int
    speed_kmh: float
    through: bool
    way_id: int
    lats: Floats
    lons: Floats


def build_network(
    lines: Iterable[Line],
    restrictions: Iterable[TurnRestriction] = (),
    barriers: Set[int] = frozenset(),
) -> RoadNetwork:
    """The network of cars in `lines`, with what binds them at nodes.

    barriers: the nodes that no car passes
    Raises NoRoadsInMap where there is no road.
    """
    roads = [
        (line, direction) for line in lines if (direction := car_direction(line.tags)) is not None
    ]
    if not roads:
        raise NoRoadsInMap("The file holds no roads that cars may use.")
    junctions = _junctions(line for line, _ in roads)
    # A road is cut at a barrier: either side is driven up to it.
    junctions |= barriers
    edges: list[_Edge] = []
    for line, direction in roads:
        for first, last in _pieces(line, junctions):
            edges += _edges(line, first, last, direction, next_edge=len(edges))
    runs = sorted(set(banned_runs(restrictions, _arms(edges))))
    return _as_arrays(edges, barriers, runs)


def _junctions(roads: Iterable[Line]) -> set[int]:
    """Nodes where roads meet, cross themselves, or end."""
    uses: Counter[int] = Counter()
    for road in roads:
        uses.update(road.node_ids)
        uses.update((road.node_ids[0], road.node_ids[-1]))
    return {node for node, count in uses.items() if count > 1}


def _pieces(line: Line, junctions: set[int]) -> Iterator[tuple[int, int]]:
    """First and last index of each stretch from one junction to the next."""
    cuts = [index for index, node in enumerate(line.node_ids) if node in junctions]
    yield from pairwise(cuts)


def _edges(
    line: Line, first: int, last: int, direction: Direction, *, next_edge: int
) -> Iterator[_Edge]:
    start, end = line.node_ids[first], line.node_ids[last]
    lats, lons = line.lats[first : last + 1], line.lons[first : last + 1]
    both = direction is Direction.BOTH
    if direction.forward:
        speed, through = driven_speed_kmh(line.tags, forward=True), _through(line, forward=True)
        twin = next_edge + 1 if both else -1
        yield _Edge(start, end, twin, speed, through, line.way_id, lats, lons)
    if direction.backward:
        speed, through = driven_speed_kmh(line.tags, forward=False), _through(line, forward=False)
        twin = next_edge if both else -1
        yield _Edge(end, start, twin, speed, through, line.way_id, lats[::-1], lons[::-1])


def _through(line: Line, *, forward: bool) -> bool:
    return car_access(line.tags, forward=forward) is CarAccess.OPEN


def _arms(edges: Iterable[_Edge]) -> Iterator[Arm]:
    for number, edge in enumerate(edges):
        east, north = edge.lons * cos(radians(float(edge.lats[0]))), edge.lats
        yield Arm(
            number,
            edge.way_id,
            edge.start,
            edge.end,
            edge.twin,
            course_in=course(float(east[-1] - east[-2]), float(north[-1] - north[-2])),
            course_out=course(float(east[1] - east[0]), float(north[1] - north[0])),
        )


def _as_arrays(edges: list[_Edge], barriers: Set[int], runs: Sequence[Run]) -> RoadNetwork:
    where: dict[int, tuple[float, float]] = {}
    for edge in edges:
        where[edge.start] = (float(edge.lats[0]), float(edge.lons[0]))
        where[edge.end] = (float(edge.lats[-1]), float(edge.lons[-1]))
    number = {node: index for index, node in enumerate(sorted(where))}
    places = np.array([where[node] for node in sorted(where)])
    counts = np.array([len(edge.lats) for edge in edges])
    line_start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    line_lat = np.concatenate([edge.lats for edge in edges])
    line_lon = np.concatenate([edge.lons for edge in edges])
    return RoadNetwork(
        node_lat=places[:, 0].copy(),
        node_lon=places[:, 1].copy(),
        edge_from=np.array([number[edge.start] for edge in edges], dtype=np.int64),
        edge_to=np.array([number[edge.end] for edge in edges], dtype=np.int64),
        edge_twin=np.array([edge.twin for edge in edges], dtype=np.int64),
        edge_length_m=_lengths_m(line_start, line_lat, line_lon),
        edge_speed_kmh=np.array([edge.speed_kmh for edge in edges]),
        edge_way_id=np.array([edge.way_id for edge in edges], dtype=np.int64),
        line_start=line_start,
        line_lat=line_lat,
        line_lon=line_lon,
        edge_through=np.array([edge.through for edge in edges], dtype=np.bool_),
        node_open=np.array([node not in barriers for node in number], dtype=np.bool_),
        ban_start=np.cumsum([0, *map(len, runs)], dtype=np.int64),
        ban_edge=np.array([edge for run in runs for edge in run], dtype=np.int64),
    )


def _lengths_m(line_start: Ints, line_lat: Floats, line_lon: Floats) -> Floats:
    steps = distance_m(line_lat[:-1], line_lon[:-1], line_lat[1:], line_lon[1:])
    # The step from one edge's last point to the next edge's first is no road.
    steps[line_start[1:-1] - 1] = 0.0
    lengths: Floats = np.add.reduceat(steps, line_start[:-1])
    return np.maximum(lengths, SHORTEST_EDGE_M)
