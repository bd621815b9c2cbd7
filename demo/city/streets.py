"""The plan of the streets: ring, arterials, collectors, lanes and embankments, as middle lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random

import numpy as np
import shapely
from shapely.geometry import LineString

from demo.city import names
from demo.city.ground import EMBANKMENT_M, HALF_HEIGHT_M, HALF_WIDTH_M, Ground, rounded_box
from demo.city.model import Tags

ARTERIAL_EAST = (-4500.0, -3000.0, -1500.0, 0.0, 1500.0, 3000.0, 4500.0)
ARTERIAL_NORTH = (-4100.0, -2900.0, -1700.0, 500.0, 1700.0, 2900.0, 4100.0)
MAIN_EAST, MAIN_NORTH = 0.0, 500.0
RIVER_SOUTH, RIVER_NORTH = -1700.0, 500.0
"""Between these two arterials lies the river; no street runs along the grid there."""

POKE_M = 3.0
"""A street that ends at another is planned this much beyond it, so that the two surely cross."""

CITY_LIMIT = rounded_box(5600, 4750)
"""Beyond it only arterials lead on."""

_LANE_KEPT, _LANE_ONE_WAY = 0.85, 0.2


@dataclass(frozen=True, slots=True)
class Street:
    """A street's middle line in metres, and its tags."""

    line: LineString
    tags: Tags = field(default_factory=dict)

    def tagged(self, **tags: str) -> Street:
        return replace(self, tags={**self.tags, **tags})


def plan_ring(ground: Ground) -> Street:
    """The ring road."""
    line = LineString(ground.bend_area(rounded_box(5000, 4350)).exterior.coords)
    return Street(line, {"highway": "trunk", "name": names.RING, "maxspeed": "80"})


def plan_arterials(ground: Ground, stems: Iterator[str]) -> Iterator[Street]:
    """Seven by seven; the two that meet in the middle are the main ones."""
    for east in ARTERIAL_EAST:
        line = LineString([(east, -HALF_HEIGHT_M), (east, HALF_HEIGHT_M)])
        yield _arterial(ground.bend(line), east == MAIN_EAST, stems)
    for north in ARTERIAL_NORTH:
        line = LineString([(-HALF_WIDTH_M, north), (HALF_WIDTH_M, north)])
        yield _arterial(ground.bend(line), north == MAIN_NORTH, stems)


def _arterial(line: LineString, main: bool, stems: Iterator[str]) -> Street:
    highway, limit = ("primary", "60") if main else ("secondary", "50")
    return Street(line, {"highway": highway, "name": f"{next(stems)}大道", "maxspeed": limit})


def plan_collectors(ground: Ground, stems: Iterator[str]) -> Iterator[Street]:
    """Half-way between the arterials; those of the inner town are one-way, in turns."""
    for number, (low, high) in enumerate(pairwise(ARTERIAL_EAST)):
        east = (low + high) / 2
        river = ground.river_north(east)
        outer = LineString([(east, -4600.0), (east, river)])
        inner = LineString([(east, river), (east, 2900.0 + POKE_M)])
        tags = {"highway": "tertiary", "name": f"{next(stems)}路"}
        yield Street(ground.bend(outer), tags)
        if abs(east) < 2500:
            line = inner if number % 2 else LineString(inner.coords[::-1])
            yield Street(ground.bend(line), {**tags, "oneway": "yes"})
        else:
            yield Street(ground.bend(inner), tags)
    for low, high in pairwise(ARTERIAL_NORTH):
        if low != RIVER_SOUTH:
            north = (low + high) / 2
            line = LineString([(-5300.0, north), (5300.0, north)])
            yield Street(ground.bend(line), {"highway": "tertiary", "name": f"{next(stems)}路"})


def plan_embankments(ground: Ground, stems: Iterator[str]) -> Iterator[Street]:
    """A road along each bank of the river."""
    for side in (EMBANKMENT_M, -EMBANKMENT_M):
        bank = shapely.get_coordinates(ground.river.offset_curve(side).simplify(1.0))
        yield Street(LineString(bank), {"highway": "tertiary", "name": f"{next(stems)}沿河路"})


def plan_lanes(ground: Ground, stems: Iterator[str], random: Random) -> Iterator[Street]:
    """Lanes at quarters of the grid, block by block: some blocks go without, some are one-way."""
    across, along = _quarters(ARTERIAL_EAST), _quarters(ARTERIAL_NORTH)
    for east in across:
        stem = next(stems)
        for south, north in pairwise(_mains(ARTERIAL_NORTH)):
            yield from _lane(ground, random, stem, (east, south - POKE_M), (east, north + POKE_M))
    for north in along:
        stem = next(stems)
        for west, east in pairwise(_mains(ARTERIAL_EAST)):
            yield from _lane(ground, random, stem, (west - POKE_M, north), (east + POKE_M, north))


def _lane(
    ground: Ground, random: Random, stem: str, start: tuple[float, float], end: tuple[float, float]
) -> Iterator[Street]:
    chance, direction = random.random(), random.random()
    line = LineString([start, end] if direction < 0.5 else [end, start])
    if chance > _LANE_KEPT or not CITY_LIMIT.covers(line):
        return
    tags = {"highway": "residential", "name": f"{stem}巷"}
    one_way = {"oneway": "yes"} if chance < _LANE_ONE_WAY else {}
    yield Street(ground.bend(line), {**tags, **one_way})


def _mains(arterials: tuple[float, ...]) -> list[float]:
    """Arterials and collectors: the lines between which lanes run."""
    halves = [(low + high) / 2 for low, high in pairwise(arterials) if low != RIVER_SOUTH]
    return sorted([*arterials, *halves])


def _quarters(arterials: tuple[float, ...]) -> list[float]:
    steps = [
        low + (high - low) * share
        for low, high in pairwise(arterials)
        if low != RIVER_SOUTH
        for share in (0.25, 0.75)
    ]
    return [float(step) for step in np.round(steps, 1)]
