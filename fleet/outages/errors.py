"""Why an outage is refused."""

from kit.errors import BadRequest, Conflict


class OutageOverlap(Conflict):
    """The vehicle already stands still for a reason of this kind in that period."""


class OutageTooLong(BadRequest):
    """An outage with a planned end lasts at most 366 days; leave the end open instead."""
