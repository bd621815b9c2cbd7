"""Which part of the map a client looks at, as H3 cells."""

from dataclasses import dataclass

from h3 import LatLngPoly
from h3.api import basic_int as h3

from tracking.cells import COARSE_RESOLUTION

_WIDEST_DEG = 5.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box in degrees (WGS-84); edges belong to it."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        if not (-180 <= self.west <= self.east <= 180 and -90 <= self.south <= self.north <= 90):
            raise ValueError("need west <= east and south <= north, in degrees")


def cells_of(bounds: Bounds) -> frozenset[int] | None:
    """Return the coarse cells that the box touches; None (everything) for a wide box."""
    # A box of more than a few degrees holds a province: naming its cells would cost more than
    # sending what lies outside them.
    if max(bounds.east - bounds.west, bounds.north - bounds.south) > _WIDEST_DEG:
        return None
    ring = [
        (bounds.south, bounds.west),
        (bounds.south, bounds.east),
        (bounds.north, bounds.east),
        (bounds.north, bounds.west),
    ]
    inside = set(h3.h3shape_to_cells(LatLngPoly(ring), COARSE_RESOLUTION))
    inside |= {h3.latlng_to_cell(lat, lon, COARSE_RESOLUTION) for lat, lon in ring}
    # A cell belongs to the polygon by its centre: one ring more holds every cell that is touched.
    touched = frozenset(near for cell in inside for near in h3.grid_disk(cell, 1))
    return touched
