"""What the terminal's odometer says of a trip: metres, or nothing; never a guess."""

import numpy as np
import numpy.typing as npt

from tracking.geo import Floats
from tracking.trips.jumps import M_S_PER_KMH
from tracking.trips.positions import Seen
from tracking.trips.rules import TripRules

Integers = npt.NDArray[np.int64]


def odometer_between(before: Seen, seen: Seen, rules: TripRules) -> int | None:
    """Metres that the odometer counted between two positions, None if it can't be believed.

    An odometer that is absent, has rolled over, was reset or belongs to another device now shows
    itself by a step backwards, or by one that no road vehicle drives in the time.
    """
    if before.odometer_m < 0 or seen.odometer_m < 0:
        return None
    step_m = seen.odometer_m - before.odometer_m
    most_m = _most_m(np.array(seen.time_s - before.time_s), rules)
    return step_m if 0 <= step_m <= most_m else None


def odometer_of_trip(
    time_s: Integers, odometer_m: Integers, distance_m: int, rules: TripRules
) -> int | None:
    """Metres that the odometer counted over the points of a trip, shape (n,) each.

    None unless it is known at both ends and every step on the way can be believed. One that
    stood still while the positions moved by more than a reading's step says nothing either: it
    is stuck, or the vehicle was carried.
    """
    known = odometer_m >= 0
    if not len(known) or not (known[0] and known[-1]):
        return None
    steps_m = np.diff(odometer_m[known])
    most_m = _most_m(np.diff(time_s[known]), rules)
    if np.any(steps_m < 0) or np.any(steps_m > most_m):
        return None
    driven_m = int(odometer_m[-1] - odometer_m[0])
    return None if driven_m == 0 and distance_m > rules.odometer_step_m else driven_m


def _most_m(seconds: Integers, rules: TripRules) -> Floats:
    reach_m: Floats = np.multiply(rules.impossible_kmh * M_S_PER_KMH, seconds)
    return reach_m + rules.odometer_step_m
