"""What no output may show: one gate between the file that is read and everything made of it.

What `judging` withholds, what the operator's own list names, and what lies inside military and
listed areas. Roads, basemap, places, their index and the
names of roads are all made from the extract that passed this gate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from dispatch.roads.importing.deny_list import NOTHING_DENIED, DenyList
from dispatch.roads.importing.extract import Area, Extract, Line, Spot
from dispatch.roads.importing.judging import is_military, is_withheld

_MINOR_ROADS = frozenset(
    {"service", "track", "residential", "unclassified", "living_street", "road"}
    | {"footway", "path", "pedestrian", "steps", "cycleway", "bridleway", "corridor"}
)
"""Roads of a ground's own: nothing of them is shown inside. Greater ones pass by."""
_GREATER_WATERS = frozenset({"river", "canal"})

_ON_THE_EDGE = 1e-5
"""Degrees (1 m): a road along the edge of a withheld area is not inside it."""

MOSTLY = 0.5
"""An area of which so much is withheld is withheld whole."""

Thing = TypeVar("Thing", Area, Spot)


def pass_gate(extract: Extract, denied: DenyList = NOTHING_DENIED) -> Extract:
    """The extract without withheld objects and without what lies inside withheld areas.

    A greater road, river or railway that only crosses a withheld area stays; of all others nothing
    inside is left.
    """
    closed = shapely.union_all(
        [
            shapely.make_valid(area.geometry)
            for area in extract.areas
            if is_military(area.tags) or denied.denies(area.osm_id, area.tags)
        ]
    )
    lines = [
        line
        for line in extract.lines
        if not is_withheld(line.tags) and not denied.denies(f"w{line.way_id}", line.tags)
    ]
    areas = _told(extract.areas, denied)
    spots = _told(extract.spots, denied)
    if not closed.is_empty:
        shapely.prepare(closed)
        lines = list(_lines_outside(lines, closed))
        areas = _outside(areas, [area.geometry for area in areas], closed)
        spots = _outside(spots, [Point(spot.lon, spot.lat) for spot in spots], closed)
    return replace(extract, lines=tuple(lines), areas=tuple(areas), spots=tuple(spots))


def _told(things: Iterable[Thing], denied: DenyList) -> list[Thing]:
    """Those that no tag and no list withholds."""
    return [
        thing
        for thing in things
        if not is_withheld(thing.tags) and not denied.denies(thing.osm_id, thing.tags)
    ]


def _outside(
    things: Sequence[Thing], geometries: Sequence[BaseGeometry], closed: BaseGeometry
) -> list[Thing]:
    """Those that lie outside, for the most part."""
    shapes = np.array(geometries, dtype=object)
    hidden = shapely.covers(closed, shapes)
    across = np.flatnonzero(shapely.intersects(closed, shapes) & ~hidden)
    inside = shapely.area(shapely.intersection(shapely.make_valid(shapes[across]), closed))
    hidden[across] = inside > MOSTLY * shapely.area(shapes[across])
    return [thing for thing, out in zip(things, (~hidden).tolist(), strict=True) if out]


def _lines_outside(lines: Sequence[Line], closed: BaseGeometry) -> Iterator[Line]:
    shapes = np.array([line.geometry for line in lines], dtype=object)
    touching, hidden = shapely.intersects(closed, shapes), shapely.covers(closed, shapes)
    inner = shapely.buffer(closed, -_ON_THE_EDGE)
    shapely.prepare(inner)
    for line, touches, inside in zip(lines, touching.tolist(), hidden.tolist(), strict=True):
        if not touches or (not inside and _passes_by(line, closed)):
            yield line
        elif not inside:
            yield from _cut_at_the_edge(line, inner)


def _passes_by(line: Line, closed: BaseGeometry) -> bool:
    """Whether a line that comes through a withheld area isn't there for its sake."""
    road = line.tags.get("highway")
    if road is not None:
        return road.removesuffix("_link") not in _MINOR_ROADS
    if "service" in line.tags or line.tags.get("waterway", "river") not in _GREATER_WATERS:
        return False
    return not shapely.contains_xy(closed, line.lons[[0, -1]], line.lats[[0, -1]]).any()


def _cut_at_the_edge(line: Line, inner: BaseGeometry) -> Iterator[Line]:
    """The runs of a line's pieces that lie outside, each a line."""
    points = np.column_stack([line.lons, line.lats])
    pieces = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1))
    inside = np.atleast_1d(shapely.intersects(inner, pieces))
    for run in np.split(np.arange(len(inside)), np.flatnonzero(np.diff(inside)) + 1):
        if not inside[run[0]]:
            part = slice(run[0], run[-1] + 2)
            yield Line(
                line.way_id,
                line.tags,
                line.node_ids[part],
                line.lats[part],
                line.lons[part],
            )
