"""Where a shared vehicle calls for somebody: the ends of their ride, out and back."""

from dispatch.requests.views import destination, origin, pickup
from dispatch.roads.network import LatLon
from dispatch.schemas import Waypoint
from dispatch.tables import OrderWaypoint, Request


def call_place(call: OrderWaypoint, rider: Request) -> Waypoint:
    """Return the place of a call for this rider."""
    if call.is_pick_up != call.is_return:
        return pickup(rider) if call.is_pick_up else origin(rider)
    return destination(rider)


def call_at(call: OrderWaypoint, rider: Request) -> LatLon:
    """Return where that is, in degrees."""
    place = call_place(call, rider)
    return place.latitude, place.longitude
