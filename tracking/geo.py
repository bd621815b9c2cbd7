"""Distance and bearing on the sphere of the WGS-84 ellipsoid's mean radius.

The haversine is exact on that sphere; against the ellipsoid it errs by at most 0.56 % (a few
millimetres in a metre), which is below what a satellite receiver knows about a road journey.
"""

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# IUGG mean radius R1 = (2a + b) / 3 of WGS-84.
MEAN_RADIUS_M = 6_371_008.8


def distance_m(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Metres along the great circle between two places in degrees."""
    sin_lat = math.sin(math.radians(other_lat - lat) * 0.5)
    sin_lon = math.sin(math.radians(other_lon - lon) * 0.5)
    cosines = math.cos(math.radians(lat)) * math.cos(math.radians(other_lat))
    square = sin_lat * sin_lat + cosines * sin_lon * sin_lon
    return 2.0 * MEAN_RADIUS_M * math.asin(math.sqrt(min(1.0, square)))


def distances_m(
    lat: Floats, lon: Floats, other_lat: Floats | float, other_lon: Floats | float
) -> Floats:
    """Metres between places element by element, shape as numpy broadcasts the arguments.

    Equals `distance_m` but for the last bits: whoever compares with a threshold and must agree
    with the scalar keeps a margin (a micrometre is plenty).
    """
    sin_lat = np.sin(np.radians(other_lat - lat) * 0.5)
    sin_lon = np.sin(np.radians(other_lon - lon) * 0.5)
    cosines = np.cos(np.radians(lat)) * np.cos(np.radians(other_lat))
    square = sin_lat * sin_lat + cosines * sin_lon * sin_lon
    metres: Floats = 2.0 * MEAN_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, square)))
    return metres


def bearing_deg(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Initial course from the first place to the second: 0 north, 90 east, in [0, 360)."""
    phi, other_phi = math.radians(lat), math.radians(other_lat)
    turn = math.radians(other_lon - lon)
    east = math.sin(turn) * math.cos(other_phi)
    north = math.cos(phi) * math.sin(other_phi) - math.sin(phi) * math.cos(other_phi) * math.cos(
        turn
    )
    # A tiny negative angle rounds up to exactly 360.
    return math.degrees(math.atan2(east, north)) % 360.0 % 360.0
