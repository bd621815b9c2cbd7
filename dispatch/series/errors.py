"""What is refused of a series of rides.

BadRequest (422)
├── WeekdaysMissing, NoRideInSeries
"""

from kit.errors import BadRequest


class WeekdaysMissing(BadRequest):
    """Weekdays are named for a weekly series, and for no other."""


class NoRideInSeries(BadRequest):
    """No ride falls into the days of this series."""
