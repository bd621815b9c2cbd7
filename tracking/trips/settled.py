"""Whether a vehicle under way has come to rest where signal is weak and its receiver wanders.

There no single place shows the rest, because each next position may be a hundred metres off. What
shows it is a window of minutes whose middle stays, or in which the odometer does.
"""

from collections.abc import Sequence
from statistics import median

from tracking.geo import distance_m
from tracking.trips.odometer import odometer_between
from tracking.trips.points import GrowingPoints
from tracking.trips.positions import Seen
from tracking.trips.rules import TripRules


def middle(seen: Sequence[Seen]) -> tuple[float, float]:
    """The median place: a few outliers don't pull it."""
    return median(s.lat for s in seen), median(s.lon for s in seen)


def settles(window: Sequence[Seen], began: Seen, rules: TripRules) -> bool:
    """Whether the vehicle stood throughout the window of a trip that `began` so.

    The odometer decides if it counted on this trip before: one that never did may be stuck. If it
    says nothing, hardly any position may report a speed, and the middles of both halves must agree.
    """
    first, last = window[0], window[-1]
    place = middle(window)
    offs_m = [distance_m(*place, seen.lat, seen.lon) for seen in window]
    counted_m = odometer_between(first, last, rules)
    if counted_m is not None and counted_m > rules.crept_m:
        return False
    if counted_m == 0 and 0 <= began.odometer_m != first.odometer_m:
        return max(offs_m) <= rules.stray_m
    astir = sum(seen.speed_kmh > rules.slow_kmh for seen in window)
    if astir > rules.astir_share * len(window) or median(offs_m) > rules.wander_m:
        return False
    half = len(window) // 2
    return distance_m(*middle(window[:half]), *middle(window[half:])) <= rules.wander_m


def since_when(
    points: GrowingPoints, window: int, place: tuple[float, float], rules: TripRules
) -> int:
    """The first point, at or before that of the window, from which on the trip is near a place.

    A few positions far off in a row are a way, fewer are errors.
    """
    near, off = window, 0
    for i in range(window - 1, 0, -1):
        seen = points.seen(i)
        if distance_m(*place, seen.lat, seen.lon) <= rules.far_m:
            near, off = i, 0
            continue
        off += 1
        if off >= rules.proof_positions:
            break
    return near
