"""Where streets meet the river and each other: bridges, a tunnel, banks, a roundabout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from demo.city.ground import EMBANKMENT_M, Ground
from demo.city.parks import parks
from demo.city.streets import MAIN_EAST, MAIN_NORTH, POKE_M, Street

ROUNDABOUT_RADIUS_M = 45.0
_SHORE_M = 20.0
_BRIDGE = {"bridge": "yes", "layer": "1"}
_TUNNEL = {"tunnel": "yes", "layer": "-1"}


def stop_short(streets: Iterable[Street], ground: Ground) -> Iterator[Street]:
    """Minor streets end at the roads along the river, and at the fences of parks."""
    river = ground.riverside(EMBANKMENT_M - POKE_M)
    closed = shapely.union_all([river, *(garden for _, garden in parks(ground))])
    for street in streets:
        yield from _outside(street, closed)


def cross_river(streets: Iterable[Street], ground: Ground) -> Iterator[Street]:
    """Main streets go over the river, the last of them under it."""
    water = ground.water.buffer(_SHORE_M)
    crossing = [street for street in streets if street.line.intersects(water)]
    for street in crossing:
        under = street is crossing[-1]
        yield from _spans(street, water, _TUNNEL if under else _BRIDGE)
    yield from (street for street in streets if street not in crossing)


def _spans(street: Street, water: BaseGeometry, tags: dict[str, str]) -> Iterator[Street]:
    line = street.line
    over = line.intersection(water)
    # Both sides of a cut are taken at the same distance, so that they end in the same point.
    cuts = sorted(
        line.project(Point(end))
        for span in getattr(over, "geoms", [over])
        for end in (span.coords[0], span.coords[-1])
    )
    bounds = [0.0, *cuts, line.length]
    for number, (start, end) in enumerate(pairwise(bounds)):
        piece = substring(line, start, end)
        if not isinstance(piece, LineString):
            continue  # the street starts or ends at the very shore
        part = Street(piece, street.tags)
        yield part.tagged(**tags) if number % 2 else part


def roundabout(streets: Iterable[Street], ground: Ground) -> Iterator[Street]:
    """The two main streets meet in a roundabout, driven counter-clockwise."""
    middle = Point(ground.bend(LineString([(MAIN_EAST, MAIN_NORTH), (MAIN_EAST, 0)])).coords[0])
    island = middle.buffer(ROUNDABOUT_RADIUS_M - POKE_M)
    for street in streets:
        yield from _outside(street, island)
    rim = shapely.get_coordinates(middle.buffer(ROUNDABOUT_RADIUS_M))
    circle = LineString(rim[::-1])
    yield Street(circle, {"highway": "primary", "junction": "roundabout", "name": "示范环岛"})


def _outside(street: Street, area: BaseGeometry) -> Iterator[Street]:
    if not street.line.intersects(area):
        yield street
        return
    rest = street.line.difference(area)
    for part in getattr(rest, "geoms", [rest]):
        if part.length > 2 * POKE_M:
            yield Street(part, street.tags)
