"""H3 cells: the one grid by which positions, subscriptions and fences are found.

Cells are integers (`h3.api.basic_int`). A point belongs to a coarser cell by the hierarchy, as the
parent of its fine cell, so that counts of cells add up to the count of their parent.
"""

from functools import cache, lru_cache

from h3.api import basic_int as h3

from tracking.geo import distance_m

# About 200 m from centre to corner: a city block, a handful of vehicles.
FINE_RESOLUTION = 9
# About 10 km: a fleet's country is some hundreds of these.
COARSE_RESOLUTION = 5

# Rows of cells lie 1.5 average edges apart where the grid is regular. It is drawn on an
# icosahedron, and towards its corners, one of which lies off Dalian, rows draw together: nowhere
# on earth closer than this part of that.
CLOSEST_ROWS = 0.64
# The farthest place of a cell, of its children's corners even, is nearer to its centre than this
# many average edges.
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


@lru_cache(maxsize=8192)
def disk(cell: int, steps: int) -> tuple[int, ...]:
    """The cells at no more than `steps` steps from `cell`, itself among them."""
    return tuple(h3.grid_disk(cell, steps))


def cells_within(
    lat: float, lon: float, metres: float, resolution: int = FINE_RESOLUTION
) -> list[int]:
    """Cells that hold every place nearer than `metres`, and few others, in order."""
    centre = cell_of(lat, lon, resolution)
    off_m = distance_m(lat, lon, *centre_of(centre))
    steps = 0
    while unseen_beyond_m(steps, resolution, off_m) <= metres:
        steps += 1
    farthest_m = metres + LONGEST_REACH * average_edge_m(resolution)
    near = disk(centre, steps)
    return sorted(c for c in near if distance_m(lat, lon, *centre_of(c)) <= farthest_m)


@cache
def average_edge_m(resolution: int) -> float:
    """Mean edge length of the hexagons of a resolution, in metres."""
    return float(h3.average_hexagon_edge_length(resolution, unit="m"))


def unseen_beyond_m(steps: int, resolution: int, off_m: float) -> float:
    """Once the disk of `steps` is searched, nothing unseen is nearer than this many metres.

    off_m: metres from the place asked about to the centre of the disk's middle cell

    The centres of the next ring lie on rows, the nearest of them steps + 1 rows off; a cell
    reaches two thirds of a row towards the middle. Rows lie 1.5 edges apart.
    """
    row_m = 1.5 * CLOSEST_ROWS * average_edge_m(resolution)
    return (steps + 1 / 3) * row_m - off_m
