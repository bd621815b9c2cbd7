"""What is refused of capacity.

Conflict (409)
├── CapacityFull, BreaksReservation
└── NothingHeld, NotAwaiting, LongerThanApproved
"""

from kit.errors import Conflict


class CapacityFull(Conflict):
    """No vehicle of that type is left in that period; see the alternatives."""


class BreaksReservation(Conflict):
    """The vehicle is needed to keep what others were promised; take another, or another time."""


class NothingHeld(Conflict):
    """Nothing is held for this request."""


class NotAwaiting(Conflict):
    """Capacity is promised to requests that await dispatch, before their ride begins."""


class LongerThanApproved(Conflict):
    """Other times are no longer than those that were approved: for more, the ride is asked anew."""
