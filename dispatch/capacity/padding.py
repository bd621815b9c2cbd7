"""What a ride takes of a vehicle: the ride, the ways from and to the base, and the turnaround.

A vehicle that comes back to its base between two rides is there in time for the second: what is
kept with these periods can be driven, and driving on without coming back is only shorter.
"""

from datetime import datetime, timedelta

from dispatch.roads.network import LatLon
from dispatch.roads.straight_line import StraightLineTravelTimes

Period = tuple[datetime, datetime]

_STRAIGHT = StraightLineTravelTimes()


def padded(
    ride: Period, origin: LatLon, end_at: LatLon, base: LatLon | None, turnaround_s: int
) -> Period:
    """Return the period that a ride takes of a vehicle; base: None where it is unknown.

    end_at: where the passengers leave the vehicle
    """
    before_s, after_s = (0.0, 0.0) if base is None else (_way_s(base, origin), _way_s(end_at, base))
    return (
        ride[0] - timedelta(seconds=round(before_s)),
        ride[1] + timedelta(seconds=round(after_s) + turnaround_s),
    )


def _way_s(origin: LatLon, destination: LatLon) -> float:
    times, _ = _STRAIGHT.matrix([origin], [destination])
    return float(times[0, 0])
