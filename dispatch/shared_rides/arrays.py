"""Legs of rides as the compiled kernel's arrays (`dispatch.sharing`): seconds after an instant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from dispatch.roads.plane import Floats
from dispatch.shared_rides.legs import Leg

if TYPE_CHECKING:
    # The compiler takes seconds to import: only whoever shares a ride pays for it.
    from dispatch.sharing import Requests

_NEVER_S = 1e9
_ROUNDED_S = 0.25e-3
"""Seconds since the epoch have no exact fractions: whoever allows no detour is still driven."""


def requests_of(legs: Sequence[Leg], zero: float) -> Requests:
    """Return legs as the kernel's requests, nobody aboard yet.

    zero: the instant that counts as none, in seconds since the epoch
    """
    from dispatch.sharing import Requests

    n = len(legs)
    nothing = np.zeros(n)
    earliest = np.array([leg.pick_up_from - zero for leg in legs])
    return Requests(
        seats=np.array([float(leg.seats) for leg in legs]),
        pickup_from=earliest,
        pickup_until=np.array([leg.pick_up_until - zero + _ROUNDED_S for leg in legs]),
        pickup_service=nothing,
        delivery_from=earliest,
        delivery_until=np.array([leg.set_down_until - zero + _ROUNDED_S for leg in legs]),
        delivery_service=nothing,
        ride_max=np.array([leg.ride_max_s + _ROUNDED_S for leg in legs]),
        aboard=np.full(n, -1),
        boarded=nothing,
    )


def times_of(
    seconds: Floats, ways: Sequence[tuple[int, int]], base: int | None, vehicles: int = 1
) -> Floats:
    """Return seconds from node to node, as the kernel numbers them.

    seconds: from point to point; infinite where no road joins two
    ways: the points where each leg begins and ends
    base: the point where all vehicles stand; from nowhere, and to it, it takes no time
    """
    n = len(ways)
    stands = [0 if base is None else base] * (2 * vehicles)
    points = [begin for begin, _ in ways] + [end for _, end in ways] + stands
    time: Floats = np.array(seconds[np.ix_(points, points)], dtype=np.float64)
    # The kernel counts with finite times alone: what no road joins is farther than any window.
    time[~np.isfinite(time)] = _NEVER_S
    cut_off = max(time[2 * n, : 2 * n].max(), time[: 2 * n, 2 * n].max()) >= _NEVER_S
    if base is None or cut_off:
        time[2 * n :, :] = 0.0
        time[:, 2 * n :] = 0.0
    np.fill_diagonal(time, 0.0)
    return time
