"""Middle lines become a connected network: a shared point wherever two streets cross."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry import LineString, Point

from demo.city.streets import Street

PointM = tuple[float, float]
"""Metres east and north, rounded to centimetres: equal points are one node."""

_STUB_M = 8.0
"""What a street pokes beyond the street it ends at is cut off."""
_CROWDED_M = 2.0
"""A bend this near to a crossing is left out."""


def join(streets: Sequence[Street]) -> list[tuple[Street, list[PointM]]]:
    """Each street with the points of its way; only streets from and to everywhere are kept."""
    crossings = _crossings([street.line for street in streets])
    ways = [
        (street, _points(street.line, crossings[number])) for number, street in enumerate(streets)
    ]
    ways = [(street, points) for street, points in ways if len(points) > 1]
    while (kept := _strong(ways)) != ways:
        ways = kept
    return ways


def _crossings(lines: list[LineString]) -> dict[int, list[PointM]]:
    crossings: dict[int, list[PointM]] = defaultdict(list)
    pairs = shapely.STRtree(lines).query(lines, predicate="intersects").T
    for first, second in sorted((int(a), int(b)) for a, b in pairs if a < b):
        shared = lines[first].intersection(lines[second])
        for east, north in shapely.get_coordinates(shared):
            crossings[first].append(_rounded(east, north))
            crossings[second].append(_rounded(east, north))
    return crossings


def _rounded(east: float, north: float) -> PointM:
    return round(float(east), 2), round(float(north), 2)


def _points(line: LineString, crossings: list[PointM]) -> list[PointM]:
    if not crossings:
        return []
    cuts = sorted((line.project(Point(point)), point) for point in set(crossings))
    bends = [
        (line.project(Point(corner)), _rounded(*corner))
        for corner in line.simplify(0.5).coords
        if all(Point(corner).distance(Point(point)) > _CROWDED_M for _, point in cuts)
    ]
    if not line.is_closed:
        first, last = cuts[0][0], cuts[-1][0]
        start = first if first < _STUB_M else 0.0
        end = last if line.length - last < _STUB_M else line.length
        bends = [bend for bend in bends if start <= bend[0] <= end]
    points = [point for _, point in sorted([*cuts, *bends])]
    return [*points, points[0]] if line.is_closed else points


def _strong(ways: list[tuple[Street, list[PointM]]]) -> list[tuple[Street, list[PointM]]]:
    """The ways all of whose points lie in the largest strongly connected part."""
    number = {
        point: index for index, point in enumerate({p: None for _, points in ways for p in points})
    }
    starts: list[int] = []
    ends: list[int] = []
    for street, points in ways:
        ids = [number[point] for point in points]
        starts += ids[:-1]
        ends += ids[1:]
        if "oneway" not in street.tags and "junction" not in street.tags:
            starts += ids[1:]
            ends += ids[:-1]
    graph = csr_array((np.ones(len(starts)), (starts, ends)), shape=(len(number), len(number)))
    _, part = connected_components(graph, connection="strong")
    largest = np.bincount(part).argmax()
    return [
        (street, points)
        for street, points in ways
        if all(part[number[point]] == largest for point in points)
    ]
