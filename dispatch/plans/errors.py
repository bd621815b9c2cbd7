"""What is refused of plans.

BadRequest (422)
└── DayNotPlanned
Conflict (409)
├── PlanNotProposed
└── RestTooShort
"""

from kit.errors import BadRequest, Conflict


class DayNotPlanned(BadRequest):
    """Plans are made from today on, for at most 31 days ahead."""


class PlanNotProposed(Conflict):
    """The plan is still being made, or a newer one has replaced it; look at it again."""


class RestTooShort(Conflict):
    """The driver would have less than eight hours of rest before or after the day."""
