"""H3 cells: the one grid by which positions, subscriptions and fences are found.

Cells are integers (`h3.api.basic_int`). A point belongs to a coarser cell by the hierarchy, as the
parent of its fine cell, so that counts of cells add up to the count of their parent.
"""

from collections.abc import Iterable
from functools import cache

from h3.api import basic_int as h3

from tracking.geo import distance_m

# About 200 m from centre to corner: a city block, a handful of vehicles.
FINE_RESOLUTION = 9
# About 10 km: a fleet's country is some hundreds of these.
COARSE_RESOLUTION = 5

# The shortest edge of a resolution is longer than this part of the average edge, away from the
# twelve pentagons, all of which lie at sea.
SHORTEST_EDGE = 0.86
# The farthest corner from a cell's centre is nearer than this many average edges.
LONGEST_REACH = 1.5


def cell_of(lat: float, lon: float, resolution: int = FINE_RESOLUTION) -> int:
    """The cell of a place in degrees."""
    return int(h3.latlng_to_cell(lat, lon, resolution))


def parent_of(cell: int, resolution: int) -> int:
    """The cell of a coarser (or the same) resolution to which `cell` belongs."""
    return int(h3.cell_to_parent(cell, resolution))


def resolution_of(cell: int) -> int:
    """0 (continents) to 15 (a metre). Raises ValueError if it isn't a cell."""
    if not h3.is_valid_cell(cell):
        raise ValueError(f"{cell} is not an H3 cell")
    return int(h3.get_resolution(cell))


def centre_of(cell: int) -> tuple[float, float]:
    """Latitude and longitude of the cell's centre."""
    lat, lon = h3.cell_to_latlng(cell)
    return float(lat), float(lon)


def ring(cell: int, steps: int) -> Iterable[int]:
    """The cells at exactly `steps` steps from `cell`; itself for 0."""
    cells: Iterable[int] = h3.grid_ring(cell, steps)
    return cells


def cells_within(
    lat: float, lon: float, metres: float, resolution: int = FINE_RESOLUTION
) -> list[int]:
    """Cells that hold every place nearer than `metres`, and few others, in order."""
    steps = 0
    while unseen_beyond_m(steps, resolution) <= metres:
        steps += 1
    farthest_m = metres + LONGEST_REACH * average_edge_m(resolution)
    disk: Iterable[int] = h3.grid_disk(cell_of(lat, lon, resolution), steps)
    return sorted(c for c in disk if distance_m(lat, lon, *centre_of(c)) <= farthest_m)


@cache
def average_edge_m(resolution: int) -> float:
    """Mean edge length of the hexagons of a resolution, in metres."""
    return float(h3.average_hexagon_edge_length(resolution, unit="m"))


def unseen_beyond_m(steps: int, resolution: int) -> float:
    """Once rings 0..steps are searched, nothing unseen is nearer than this many metres.

    Centres in ring n = steps + 1 are at least 1.5·n edges away; the place asked about may be one
    edge off its own centre, and so may the vehicle: 1.5·(steps + 1) − 2 edges remain.
    """
    return (1.5 * steps - 0.5) * SHORTEST_EDGE * average_edge_m(resolution)
