"""What audit refuses."""

from kit.errors import BadRequest


class BadMonth(BadRequest):
    """A month is written as YYYY-MM."""


class PeriodTooLong(BadRequest):
    """A report covers at most 366 days."""
