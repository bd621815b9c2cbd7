"""Why a departure or a departure check is refused."""

from kit.errors import BadRequest, Conflict


class CheckNoteNeeded(BadRequest):
    """Say what is wrong with the items that did not pass."""


class CheckIncomplete(BadRequest):
    """Say of every item of the list, once, whether it passed."""


class DepartureCheckNeeded(Conflict):
    """Check the vehicle first: here no vehicle departs without a departure check."""


class DepartureCheckFailed(Conflict):
    """The departure check failed: put the defect right and check again, or swap the vehicle."""


class VehicleDefective(Conflict):
    """The vehicle has a defect: have it mended and its outage ended, or choose another vehicle."""
