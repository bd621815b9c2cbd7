"""A ride's legs: out, and back where it returns, each with the times that its passenger agreed to.

Alone, a passenger is picked up when the ride begins or when they were told, and is back as it ends.
Sharing takes at most the detour more: each way begins and ends within direct time and detour of
what was asked for, but for whom the vehicle itself was late.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.roads.network import LatLon
from dispatch.shared_rides.detours import DetourLimit

_BETWEEN_S = 1.0
"""The least time from the set-down on the way out to the pick-up on the way back."""


@dataclass(frozen=True, slots=True)
class Ride:
    """What one request asks of a vehicle that it shares.

    promised_at: the pick-up that its passenger was told; it is kept to the second
    told_at: when they were told one first
    put_off_s: how much later that is than what they were told first, for a late vehicle
    """

    request_id: UUID
    passengers: int
    origin: LatLon
    destination: LatLon
    start: datetime
    end: datetime
    is_round_trip: bool
    limit: DetourLimit
    promised_at: datetime | None = None
    told_at: datetime | None = None
    put_off_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Leg:
    """One way of a ride; times in seconds since the epoch, windows with both ends.

    ride_max_s: the longest from pick-up to set-down: the direct time and the detour
    """

    request_id: UUID
    is_return: bool
    seats: int
    origin: LatLon
    destination: LatLon
    direct_s: float
    pick_up_from: float
    pick_up_until: float
    set_down_until: float
    ride_max_s: float


def legs_of(ride: Ride, out_s: float, back_s: float, now: datetime) -> list[Leg]:
    """Return the legs of a ride whose direct ways take so long; empty: it is too short for them.

    Nobody is set down later than the end of the ride, unless the direct way takes them past it.
    """
    detour_s = ride.limit.of(out_s)
    told = ride.promised_at
    begin = (told or max(ride.start, now)).timestamp()
    by_end = max(ride.end.timestamp(), begin + out_s)
    # Whoever is picked up later than they asked for has spent of their detour already.
    since = max(ride.start, ride.told_at or ride.start)
    asked_for = since.timestamp() + ride.put_off_s if told else begin
    until = max(begin + out_s, min(asked_for + out_s + detour_s, by_end))
    out = Leg(
        request_id=ride.request_id,
        is_return=False,
        seats=ride.passengers,
        origin=ride.origin,
        destination=ride.destination,
        direct_s=out_s,
        pick_up_from=begin,
        pick_up_until=begin if told else begin + detour_s,
        set_down_until=until,
        ride_max_s=out_s + detour_s,
    )
    if not ride.is_round_trip:
        return [out]
    back_detour_s, end = ride.limit.of(back_s), ride.end.timestamp()
    back = Leg(
        request_id=ride.request_id,
        is_return=True,
        seats=ride.passengers,
        origin=ride.destination,
        destination=ride.origin,
        direct_s=back_s,
        # Who has not been set down yet can't be picked up again, nor in the same instant: a plan
        # might name the two in either order, and count who rides twice.
        pick_up_from=max(end - back_s - back_detour_s, until + _BETWEEN_S),
        pick_up_until=end - back_s,
        set_down_until=end,
        ride_max_s=back_s + back_detour_s,
    )
    return [out, back] if back.pick_up_from <= back.pick_up_until else []
