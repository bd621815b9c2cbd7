"""What is refused of a wish for a ride before anybody decides about it.

BadRequest (422)
├── UnreachablePlace, PlaceOutsideMap
├── RideTooShort, WaypointsNotShared
└── MorePassengersThanSeats
"""

from kit.errors import BadRequest


class UnreachablePlace(BadRequest):
    """No road that cars may use leads to the place."""


class PlaceOutsideMap(BadRequest):
    """The place lies outside the map in use."""


class MorePassengersThanSeats(BadRequest):
    """No vehicle that may serve the unit takes so many passengers."""


class RideTooShort(BadRequest):
    """The ride takes longer than the time asked for, stays at its waypoints included."""


class WaypointsNotShared(BadRequest):
    """A ride with waypoints is not shared: its way is its own."""
