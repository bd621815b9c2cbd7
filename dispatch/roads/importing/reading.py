"""One file read once: OpenStreetMap objects become the values of `extract`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import numpy as np
import osmium
import osmium.filter
import shapely
from osmium.geom import WKBFactory
from osmium.io import Header
from osmium.osm import Area as OsmArea
from osmium.osm import Node, Relation, Way
from shapely.errors import ShapelyError

from dispatch.roads.errors import MapFileUnreadable
from dispatch.roads.importing.access_rules import stops_cars
from dispatch.roads.importing.deny_list import NOTHING_DENIED, DenyList
from dispatch.roads.importing.extract import Area, Bounds, Extract, Line, Spot
from dispatch.roads.importing.grounds import close_up, find_grounds
from dispatch.roads.importing.restrictions import (
    Member,
    TurnRestriction,
    Unkept,
    car_restrictions,
    is_restriction,
)

_LINE_KEYS = ("highway", "waterway", "railway")
_AREA_KEYS = (
    "aeroway",
    "amenity",
    "building",
    "landuse",
    "leisure",
    "military",
    "natural",
    "office",
    "shop",
    "tourism",
    "waterway",
)
_SPOT_KEYS = (
    "aeroway",
    "amenity",
    "leisure",
    "military",
    "office",
    "place",
    "railway",
    "shop",
    "tourism",
)
_MORE_AREA_KEYS = ("access", "boundary", "historic", "man_made", "name", "power")
"""By these an area is a place or withheld; nothing is drawn of them."""
_BARRIER_KEY = "barrier"
_RELATION_KEY = "type"

_BROKEN = (
    *(RuntimeError, OSError, ValueError, LookupError),
    *(osmium.InvalidLocationError, ShapelyError),
)
"""What the readers of files and shapes raise where a file isn't what it claims to be."""

_NO_ROAD_IS_PLACED = (
    "No road of the file has two nodes whose places are known: nodes must stand before ways, and"
    " their ids be above zero. Put it in order first, by osmium sort or osmium renumber."
)

_MARGIN = 1e-4
"""Degrees around measured bounds: a map of one straight road has an extent too."""


def read_extract(path: Path, denied: DenyList = NOTHING_DENIED) -> Extract:
    """The extract in `path` (.osm.pbf, .osm, and what else libosmium reads).

    Withheld things are read too: the gate takes them out, and needs their areas to do so.
    Raises MapFileUnreadable where the file is absent, cut short or something else.
    """
    if not path.is_file():
        raise MapFileUnreadable(f"There is no file {path}.")
    try:
        return _read(path, denied)
    except _BROKEN as problem:
        raise MapFileUnreadable(
            f"{path.name} can't be read as an OpenStreetMap extract ({problem})."
        ) from problem


def _read(path: Path, denied: DenyList) -> Extract:
    lines: list[Line] = []
    areas: list[tuple[str, dict[str, str]]] = []
    outlines: list[str] = []
    spots: list[Spot] = []
    barriers: set[int] = set()
    restrictions: list[TurnRestriction | Unkept] = []
    roads = 0
    polygons = WKBFactory()
    areas_by = {*_AREA_KEYS, *_MORE_AREA_KEYS, _BARRIER_KEY}
    keys = {*_LINE_KEYS, *areas_by, *_SPOT_KEYS, _RELATION_KEY}
    grounds = find_grounds(path, denied, areas_by)
    areas_by |= grounds.keys
    keys |= grounds.keys
    objects = (
        osmium.FileProcessor(str(path))
        .with_locations()
        .with_areas(osmium.filter.KeyFilter(*sorted(areas_by)))
        .with_filter(osmium.filter.KeyFilter(*sorted(keys)))
    )
    for entity in objects:
        if isinstance(entity, Node):
            spots += _spot(entity)
            if stops_cars(_tags(entity)):
                barriers.add(entity.id)
        elif isinstance(entity, Way):
            roads += "highway" in entity.tags
            lines += _lines(entity)
        elif isinstance(entity, OsmArea):
            # An outline that crosses itself or lacks nodes holds no ring: there is no area in it.
            if entity.num_rings()[0] > 0:
                areas.append(_area(entity))
                outlines.append(polygons.create_multipolygon(entity))
        elif isinstance(entity, Relation):
            restrictions += _restriction(entity)
    if roads and not lines:
        raise MapFileUnreadable(_NO_ROAD_IS_PLACED)
    closed = {osm_id for osm_id, _ in areas}
    unclosed = {one: tags for one, tags in grounds.tags.items() if one not in closed}
    matched = {entry for spot in spots for entry in denied.entries_for(spot.osm_id, spot.tags)}
    return Extract(
        _stated_bounds(objects.header) or _measured_bounds(lines, spots),
        tuple(lines),
        (
            *(
                Area(osm_id, tags, geometry)
                for (osm_id, tags), geometry in zip(areas, shapely.from_wkb(outlines), strict=True)
            ),
            *close_up(path, unclosed),
        ),
        tuple(spots),
        frozenset(barriers),
        tuple(one for one in restrictions if isinstance(one, TurnRestriction)),
        restrictions.count(Unkept.CONDITIONAL),
        restrictions.count(Unkept.UNCLEAR),
        len(unclosed),
        frozenset(grounds.matched | matched),
    )


def _tags(entity: Node | Way | Relation | OsmArea) -> dict[str, str]:
    return {tag.k: tag.v for tag in entity.tags}


def _spot(node: Node) -> Iterator[Spot]:
    if node.location.valid():
        yield Spot(f"n{node.id}", _tags(node), node.location.lat, node.location.lon)


def _restriction(relation: Relation) -> Iterator[TurnRestriction | Unkept]:
    tags = _tags(relation)
    if is_restriction(tags):
        members = tuple(Member(one.type, one.ref, one.role) for one in relation.members)
        yield from car_restrictions(tags, members)


def _lines(way: Way) -> Iterator[Line]:
    if not any(key in way.tags for key in _LINE_KEYS):
        return
    tags = _tags(way)
    # A way cut by the extract's edge lacks nodes: each run of known ones is a line of its own.
    for known, run in groupby(_nodes(way), key=lambda node: node[1] is not None):
        if not known:
            continue
        refs, lats, lons = zip(*run, strict=True)
        if len(refs) > 1:
            yield Line(way.id, tags, refs, np.array(lats), np.array(lons))


def _nodes(way: Way) -> Iterator[tuple[int, float | None, float | None]]:
    for node in way.nodes:
        place = node.location
        yield (node.ref, place.lat, place.lon) if place.valid() else (node.ref, None, None)


def _area(area: OsmArea) -> tuple[str, dict[str, str]]:
    source = "w" if area.from_way() else "r"
    return f"{source}{area.orig_id()}", _tags(area)


def _stated_bounds(header: Header) -> Bounds | None:
    box = header.box()
    if not box.valid():
        return None
    south_west, north_east = box.bottom_left, box.top_right
    return Bounds(south_west.lat, south_west.lon, north_east.lat, north_east.lon)


def _measured_bounds(lines: list[Line], spots: list[Spot]) -> Bounds:
    lats = np.concatenate([line.lats for line in lines] + [[spot.lat for spot in spots]])
    lons = np.concatenate([line.lons for line in lines] + [[spot.lon for spot in spots]])
    if lats.size == 0:
        raise MapFileUnreadable("The file holds no roads or places.")
    south, west = float(lats.min()) - _MARGIN, float(lons.min()) - _MARGIN
    return Bounds(south, west, float(lats.max()) + _MARGIN, float(lons.max()) + _MARGIN)
