"""Points of the earth as places of a network: those close together are one place."""

from collections.abc import Sequence

import numpy as np

from dispatch.matching.problem import Ints
from dispatch.roads.network import LatLon
from dispatch.roads.straight_line import StraightLineTravelTimes
from dispatch.roads.travel_times import TravelTimes
from dispatch.simulation.weeks.model import MOST_PLACES, Network

_STEPS_DEGREES = (0.0001, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05)


def place(points: Sequence[LatLon]) -> tuple[list[LatLon], Ints]:
    """Return the places of these points, and for each point the number of its place.

    Points are rounded to 10 m, and more coarsely where that leaves too many places.
    Raises ValueError where they lie so far apart that even 5 km does.
    """
    told = np.array(points, dtype=np.float64).reshape(-1, 2)
    for step in _STEPS_DEGREES:
        cells, numbers = np.unique(np.rint(told / step), axis=0, return_inverse=True)
        if len(cells) <= MOST_PLACES:
            return [(float(a) * step, float(b) * step) for a, b in cells], numbers.reshape(-1)
    raise ValueError(f"the places lie too far apart: more than {MOST_PLACES} cells of 5 km")


def network_of(places: Sequence[LatLon], travel_times: TravelTimes) -> Network:
    """Return the ways between places; where no car may drive, the straight line's figures."""
    seconds, metres = travel_times.matrix(places, places)
    straight_s, straight_m = StraightLineTravelTimes().matrix(places, places)
    known = np.isfinite(seconds) & np.isfinite(metres)
    label = travel_times.label if all(map(travel_times.covers, places)) else "straight_line"
    return Network(
        np.where(known, seconds, straight_s), np.where(known, metres, straight_m), str(label)
    )
