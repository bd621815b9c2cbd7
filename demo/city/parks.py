"""Three parks, each filling the middle of a quarter; minor streets end at their fences."""

from __future__ import annotations

from collections.abc import Iterator

import shapely
from shapely.geometry import Polygon, box

from demo.city import names
from demo.city.ground import Ground
from demo.city.streets import ARTERIAL_EAST, ARTERIAL_NORTH

PARK_CELLS = {(1, 5): names.PARKS[0], (4, 1): names.PARKS[1], (3, 4): names.PARKS[2]}
"""Which quarter, by column and row, holds which park."""

_FENCE_M = 60.0


def cell(ground: Ground, column: int, row: int) -> Polygon:
    """The quarter between four arterials, columns counted from the west, rows from the south."""
    west, east = ARTERIAL_EAST[column : column + 2]
    south, north = ARTERIAL_NORTH[row : row + 2]
    return ground.bend_area(box(west, south, east, north))


def parks(ground: Ground) -> Iterator[tuple[str, Polygon]]:
    """Name and ground of each park."""
    for (column, row), name in PARK_CELLS.items():
        inner = cell(ground, column, row).buffer(-_FENCE_M, join_style="mitre")
        yield name, Polygon(shapely.get_exterior_ring(inner))
