"""Why a grant is refused."""

from kit.errors import BadRequest, Conflict


class NotASupervisor(BadRequest):
    """This person has no role of an external supervisor within your scope."""


class GrantTooLong(BadRequest):
    """A letter opens nothing for longer than 366 days; ask for another letter then."""


class GrantEnded(Conflict):
    """This grant has ended already."""


class VehicleOutside(BadRequest):
    """A vehicle that the letter names does not belong to its organisation or those below it."""
