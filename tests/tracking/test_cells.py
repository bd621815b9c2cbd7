"""Cells around a place leave nothing out that is near, even where the grid is drawn awry."""

import math
import random

import pytest
from h3.api import basic_int as h3

from tracking.cells import cell_of, cells_within, centre_of, disk, unseen_beyond_m
from tracking.geo import distance_m

# One of the twelve corners of the icosahedron lies in the sea off Dalian.
CORNERS = [h3.cell_to_latlng(cell) for cell in h3.get_pentagons(9)]
OFF_DALIAN = (39.1, 122.3)


def somewhere(chance: random.Random) -> tuple[float, float]:
    """A place in China, on earth, or near a corner of the grid."""
    kind = chance.randrange(3)
    if kind == 0:
        return chance.uniform(18, 53), chance.uniform(74, 134)
    if kind == 1:
        return math.degrees(math.asin(chance.uniform(-1, 1))), chance.uniform(-180, 180)
    lat, lon = chance.choice([*CORNERS, OFF_DALIAN])
    return lat + chance.gauss(0, 0.1), lon + chance.gauss(0, 0.1)


@pytest.mark.parametrize("resolution", [6, 7, 8, 9])
def test_no_cell_outside_a_disk_is_nearer_than_said(resolution: int) -> None:
    chance = random.Random(resolution)
    for _ in range(300):
        place = somewhere(chance)
        middle = cell_of(*place, resolution)
        off_m = distance_m(*place, *centre_of(middle))
        for steps in (0, 1, 2, 4):
            outside = set(disk(middle, steps + 1)) - set(disk(middle, steps))
            corners = (corner for cell in outside for corner in h3.cell_to_boundary(cell))
            nearest_m = min(distance_m(*place, *corner) for corner in corners)
            assert nearest_m >= unseen_beyond_m(steps, resolution, off_m), (place, steps)


def test_cells_within_hold_every_place_that_near() -> None:
    chance = random.Random(200)
    for _ in range(200):
        lat, lon = somewhere(chance)
        metres = chance.choice((1.0, 200.0, 1500.0))
        cells = set(cells_within(lat, lon, metres))
        for _ in range(20):
            angle = chance.uniform(0, math.tau)
            north = math.degrees(0.999 * metres * math.sin(angle) / 6_371_009)
            east = math.degrees(0.999 * metres * math.cos(angle) / 6_371_009)
            there = (lat + north, lon + east / math.cos(math.radians(lat)))
            assert distance_m(lat, lon, *there) <= metres
            assert cell_of(*there) in cells, (lat, lon, metres)
