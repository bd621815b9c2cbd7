"""What lies between the streets: the river, quarters, parks with a lake, and houses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from random import Random

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from demo.city import names
from demo.city.draft import Draft
from demo.city.ground import EMBANKMENT_M, Ground
from demo.city.landmarks import Landmark
from demo.city.parks import cell, parks
from demo.city.streets import ARTERIAL_EAST, ARTERIAL_NORTH, CITY_LIMIT

_COMMERCIAL = {(2, 3), (3, 3), (2, 4)}
_INDUSTRIAL = {(5, 0), (5, 1), (0, 0)}
_HOUSE_PITCH_M, _HOUSE_SHARE = 95.0, 0.3
_ROAD_CLEARANCE_M = 14.0


def lay_land(
    draft: Draft,
    ground: Ground,
    streets: Sequence[LineString],
    landmarks: Sequence[Landmark],
    random: Random,
) -> None:
    """Add everything between the streets."""
    draft.area(ground.water, {"natural": "water", "water": "river", "name": names.RIVER})
    draft.line(ground.river, {"waterway": "river", "name": names.RIVER})
    _quarters(draft, ground)
    kept_clear = [
        *_parks(draft, ground),
        ground.water,
        *(landmark.outline for landmark in landmarks),
    ]
    for house in _houses(streets, kept_clear, random):
        draft.area(house, {"building": "yes"})


def _quarters(draft: Draft, ground: Ground) -> None:
    """Add the quarters between arterials, clear of the river's banks."""
    banks = ground.riverside(EMBANKMENT_M)
    draft.area(ground.riverside(EMBANKMENT_M - 20), {"landuse": "grass"})
    for column, row in product(range(len(ARTERIAL_EAST) - 1), range(len(ARTERIAL_NORTH) - 1)):
        land = cell(ground, column, row).difference(banks)
        for part in getattr(land, "geoms", [land]):
            draft.area(part, {"landuse": _landuse(column, row)})


def _parks(draft: Draft, ground: Ground) -> Iterator[Polygon]:
    """Add each park with its lake; yields the grounds, on which nothing is built."""
    for name, garden in parks(ground):
        draft.area(garden, {"leisure": "park", "name": name})
        lake = Polygon(shapely.get_exterior_ring(garden.centroid.buffer(150, quad_segs=6)))
        named = {"name": names.LAKE} if name == names.PARKS[0] else {}
        draft.area(lake, {"natural": "water", "water": "lake", **named})
        yield garden


def _landuse(column: int, row: int) -> str:
    if (column, row) in _COMMERCIAL:
        return "commercial"
    return "industrial" if (column, row) in _INDUSTRIAL else "residential"


def _houses(
    streets: Sequence[LineString], kept_clear: Sequence[BaseGeometry], random: Random
) -> Iterator[Polygon]:
    """Houses on a loose lattice, wherever neither street nor water nor park is near."""
    near_street = shapely.STRtree(streets)
    clear = shapely.union_all(kept_clear)
    shapely.prepare(clear)
    lattice = product(
        np.arange(-5200, 5200, _HOUSE_PITCH_M), np.arange(-4500, 4500, _HOUSE_PITCH_M)
    )
    for east, north in lattice:
        chance, shift_east, shift_north, width, depth = (random.random() for _ in range(5))
        if chance > _HOUSE_SHARE:
            continue
        x, y = float(east) + 20 * shift_east, float(north) + 20 * shift_north
        house = box(x, y, x + 18 + 30 * width, y + 12 + 10 * depth)
        near = near_street.query(house, predicate="dwithin", distance=_ROAD_CLEARANCE_M)
        if len(near) == 0 and CITY_LIMIT.covers(house) and not clear.intersects(house):
            yield house
