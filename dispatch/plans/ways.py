"""The ways between all places of a day. Work for a thread."""

from collections.abc import Sequence

import numpy as np

from dispatch.plans.model import Car, Ride, Roads
from dispatch.roads.travel_times import TravelTimes

_UNREACHABLE = 10_000_000


def ways_between(rides: Sequence[Ride], cars: Sequence[Car], travel: TravelTimes) -> Roads:
    """Return seconds and metres between where rides begin and end and where vehicles stand."""
    points = list(
        dict.fromkeys(
            (*(p for ride in rides for p in (ride.origin, ride.ends_at)), *(c.base for c in cars))
        )
    )
    if not points:
        return Roads({})
    times, metres = travel.matrix(points, points)
    whole_s = np.where(np.isfinite(times), np.ceil(times), _UNREACHABLE).astype(np.int64).tolist()
    whole_m = np.where(np.isfinite(metres), np.rint(metres), _UNREACHABLE).astype(np.int64).tolist()
    return Roads(
        {
            (a, b): (whole_s[i][j], whole_m[i][j])
            for i, a in enumerate(points)
            for j, b in enumerate(points)
        }
    )
