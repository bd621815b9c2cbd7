"""Why shifts, leave and rosters are refused."""

from kit.errors import BadRequest, Conflict, Forbidden


class ShiftOverlap(Conflict):
    """The driver already has a shift in that period."""


class LeaveOverlap(Conflict):
    """The driver is already away in that period."""


class RosterOverlap(Conflict):
    """This person or vehicle already stands on that roster in that period."""


class PersonOnLeave(Conflict):
    """The person is on leave in that period; end the leave or name somebody else."""


class OwnLeave(Forbidden):
    """Nobody approves their own leave."""


class TooLong(BadRequest):
    """The period is longer than a row of this kind may be."""
