"""A line with fewer points that lies nowhere further than a tolerance from the whole one.

Douglas and Peucker, "Algorithms for the reduction of the number of points required to represent a
digitized line or its caricature", Cartographica 10 (1973); computed by GEOS in metres on a plane.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely

from tracking.geo import MEAN_RADIUS_M, Floats

# MapLibre's tile has 512 pixels; at zoom 0 one tile is the equator (radius of the web's Mercator).
_EQUATOR_M = 2 * math.pi * 6_378_137
_TILE_PX = 512


def tolerance_m(zoom: float, latitude: float) -> float:
    """Return the metres that one pixel shows at a zoom and a latitude in degrees."""
    return _EQUATOR_M * math.cos(math.radians(latitude)) / (_TILE_PX * 2**zoom)


def kept(
    lat: Floats, lon: Floats, tolerance_m: float, corners: Sequence[int] = ()
) -> npt.NDArray[np.int64]:
    """Return the indices of the points that stay, in order; both ends and all `corners` do.

    lat, lon: degrees, of shape (n,)
    """
    n = len(lat)
    if n < 3:
        return np.arange(n)
    x = np.radians(np.unwrap(lon, period=360.0) - lon[0]) * math.cos(math.radians(lat.mean()))
    y = np.radians(lat)
    # The index rides along as the third coordinate, which GEOS carries and doesn't look at.
    points = np.column_stack([MEAN_RADIUS_M * x, MEAN_RADIUS_M * y, np.arange(n)])
    ends = sorted({0, n - 1, *corners})
    staying: list[npt.NDArray[np.float64]] = []
    for first, last in pairwise(ends):
        line = shapely.linestrings(points[first : last + 1])
        simpler = shapely.simplify(line, tolerance_m, preserve_topology=False)
        staying.append(shapely.get_coordinates(simpler, include_z=True)[:, 2])
    indices = np.unique(np.concatenate([*staying, ends]).astype(np.int64))
    return indices
