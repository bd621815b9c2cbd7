"""What the calendar refuses."""

from kit.errors import BadRequest, Conflict


class CalendarUnchanged(Conflict):
    """The calendar already says exactly this."""


class BadNotice(BadRequest):
    """The days of the notice contradict each other or lie in another year."""
