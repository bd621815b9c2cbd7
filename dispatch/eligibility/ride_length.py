"""How long a ride is, estimated by the straight line and its detour."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dispatch.roads.network import LatLon
from dispatch.roads.plane import distance_m
from dispatch.roads.straight_line import StraightLineTravelTimes

_DETOUR = StraightLineTravelTimes().detour_factor


def ride_metres(rides: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the metres of rides, shape (n,).

    rides: origin and destination in degrees, and 1 for those that return, 0 for others; (n, 5)
    """
    straight = distance_m(rides[:, 0], rides[:, 1], rides[:, 2], rides[:, 3])
    return straight * _DETOUR * (1 + rides[:, 4])


def way_m(places: Sequence[LatLon]) -> int:
    """Return the metres of a way by places, in order."""
    legs = np.array([[*a, *b, 0.0] for a, b in pairwise(places)]).reshape(-1, 5)
    return round(float(ride_metres(legs).sum()))


def ride_m(origin: LatLon, destination: LatLon, *, round_trip: bool) -> int:
    """Return the metres of one ride, there and back where it returns."""
    return round(float(ride_metres(np.array([[*origin, *destination, round_trip]]))[0]))
