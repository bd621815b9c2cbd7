"""Time: stored in UTC, counted in Shanghai days.

Rules take `now` as an argument; only the edges ask this module for it.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def utc_now() -> datetime:
    """Return the current instant, aware, in UTC."""
    return datetime.now(UTC)


def shanghai_day(instant: datetime) -> date:
    """Return the calendar day in Asia/Shanghai on which `instant` falls."""
    return instant.astimezone(SHANGHAI).date()


def day_start(day: date) -> datetime:
    """Return the first instant of a Shanghai `day`, in UTC."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def day_period(day: date) -> tuple[datetime, datetime]:
    """Return [start, end) of a Shanghai `day`, in UTC."""
    return day_start(day), day_start(day + timedelta(days=1))


def days_between(start: datetime, end: datetime) -> list[date]:
    """Return every Shanghai day that the period [start, end] touches, in order."""
    first, last = shanghai_day(start), shanghai_day(end)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
