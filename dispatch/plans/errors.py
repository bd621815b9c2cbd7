"""What is refused of plans.

BadRequest (422)
└── DayNotPlanned
Conflict (409)
├── PlanNotProposed, PlanOver
└── RestTooShort
"""

from kit.errors import BadRequest, Conflict


class DayNotPlanned(BadRequest):
    """Plans are made from today on, for at most 31 days ahead."""


class PlanNotProposed(Conflict):
    """The plan is still being made, or a newer one has replaced it; look at it again."""


class PlanOver(Conflict):
    """The day of this plan is over; nothing of it is assigned any more."""


class RestTooShort(Conflict):
    """The driver would have less than eight hours of rest before or after the day."""
