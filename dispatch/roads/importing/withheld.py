"""What no output may show: one gate between the file that is read and everything made of it.

Military objects, boundaries of admin_level 4 (province) and above, what the operator's own list
names, and what lies inside military and listed areas. Roads, basemap, places, their index and the
names of roads are all made from the extract that passed this gate.

Sources: wiki.openstreetmap.org, pages Key:military, Key:access, Key:aerodrome:type (with
`military/public`), Lifecycle prefix (`disused:military`), Tag:boundary=administrative.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from dispatch.roads.importing.access_rules import Tags
from dispatch.roads.importing.deny_list import NOTHING_DENIED, DenyList
from dispatch.roads.importing.extract import Area, Extract, Line, Spot

PROVINCE_LEVEL = 4
"""admin_level of a province in China (wiki.openstreetmap.org, Tag:boundary=administrative)."""

_MILITARY_BUILDINGS = frozenset({"barracks", "bunker"})
_MILITARY_NAMES = ("军事管理", "军事禁", "军事基地", "军事设施", "军事重地", "军用", "营区")
_SEVERAL = re.compile(r"[;/,]")
"""What stands between the values of one tag."""

_ENTRANCES = frozenset(
    {"service", "track", "residential", "unclassified", "living_street", "road"}
    | {"footway", "path", "pedestrian", "steps", "cycleway"}
)
"""Roads that end in a withheld area lead there: they are cut at its edge. Greater ones pass by."""

MOSTLY = 0.5
"""An area of which so much is withheld is withheld whole."""

Thing = TypeVar("Thing", Area, Spot)


def is_military(tags: Tags) -> bool:
    """Whether an object is military: by any key (`disused:military` too), value or name."""
    return any(
        "military" in key.split(":") or _is_military_value(key, value)
        for key, value in tags.items()
    )


def _is_military_value(key: str, value: str) -> bool:
    if key == "name" or key.startswith("name:"):
        return any(word in value for word in _MILITARY_NAMES)
    if key == "building" and value in _MILITARY_BUILDINGS:
        return True
    return "military" in value and "military" in map(str.strip, _SEVERAL.split(value))


def is_high_boundary(tags: Tags) -> bool:
    """Whether an object is a boundary of a province or a nation."""
    level = tags.get("admin_level", "")
    return "boundary" in tags and level.isdecimal() and int(level) <= PROVINCE_LEVEL


def is_withheld(tags: Tags) -> bool:
    """Whether an object must not appear in any output."""
    return is_military(tags) or is_high_boundary(tags)


def pass_gate(extract: Extract, denied: DenyList = NOTHING_DENIED) -> Extract:
    """The extract without withheld objects and without what lies inside withheld areas.

    A public road that only crosses a withheld area stays; one that ends in it ends at its edge.
    """
    closed = shapely.union_all(
        [
            area.geometry
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
    for line, touches, inside in zip(lines, touching.tolist(), hidden.tolist(), strict=True):
        if not touches:
            yield line
        elif not inside:
            yield from _cut_at_the_edge(line, closed)


def _cut_at_the_edge(line: Line, closed: BaseGeometry) -> Iterator[Line]:
    """The line, or of an entrance what lies before the gate."""
    inside = shapely.contains_xy(closed, line.lons, line.lats)
    ends_inside = inside[0] or inside[-1]
    if not ends_inside or line.tags.get("highway", "").removesuffix("_link") not in _ENTRANCES:
        yield line
        return
    for run in np.split(np.arange(len(inside)), np.flatnonzero(np.diff(inside)) + 1):
        if not inside[run[0]] and len(run) > 1:
            part = slice(run[0], run[-1] + 1)
            yield Line(
                line.way_id,
                line.tags,
                line.node_ids[part],
                line.lats[part],
                line.lons[part],
            )
