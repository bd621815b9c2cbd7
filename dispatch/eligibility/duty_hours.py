"""How many hours a driver would be on orders, by day and by week, held against the limits.

An order counts on a Shanghai day for at most the longest day of duty, because whoever is away for
several days sleeps in between. A ride that is too long by itself is a matter of its approval: it
is no reason to prefer one driver to another, and so it never leaves out a driver with nothing else.
"""

from datetime import datetime, timedelta
from functools import lru_cache

from dispatch.eligibility.need import Need
from fleet.duty.hours import DutyLimits, monday_of
from kit.clock import day_period, day_start, shanghai_day

_DAY_S = 86_400


def counted_s(seconds: int, longest_day_s: int) -> int:
    """Return how much of an order of so many seconds counts, in seconds."""
    days = -(-seconds // _DAY_S)
    return min(seconds, days * longest_day_s)


def week_of(instant: datetime) -> tuple[datetime, datetime]:
    """Return the Shanghai week from Monday in which an instant lies, [start, end)."""
    monday = monday_of(shanghai_day(instant))
    return day_start(monday), day_start(monday + timedelta(days=7))


def day_beyond(ordered_s: int, need: Need, limits: DutyLimits) -> bool:
    """Whether the day on which the ride begins gets too long for a driver with these orders.

    Source: at most 8 h and 3 h of overtime a day (劳动法 art 36, 41).
    """
    most_s = limits.planned_day_s
    return ordered_s > 0 and ordered_s + counted_s(_of_day_s(need.start, need.end), most_s) > most_s


def week_beyond(ordered_s: int, need: Need, limits: DutyLimits) -> bool:
    """Whether the week in which the ride begins gets too long for a driver with these orders.

    Source: at most 44 h a week (劳动法 art 36).
    """
    if ordered_s <= 0:
        return False
    counts_s = counted_s(_of_week_s(need.start, need.end), limits.planned_day_s)
    return ordered_s + counts_s > limits.planned_week_s


# Asked of thousands of drivers for one ride.
@lru_cache(maxsize=64)
def _of_day_s(start: datetime, end: datetime) -> int:
    """Return the seconds of a ride that lie in the day on which it begins."""
    return _within(start, end, day_period(shanghai_day(start)))


@lru_cache(maxsize=64)
def _of_week_s(start: datetime, end: datetime) -> int:
    """Return the seconds of a ride that lie in the week in which it begins."""
    return _within(start, end, week_of(start))


def _within(start: datetime, end: datetime, span: tuple[datetime, datetime]) -> int:
    start, end = max(start, span[0]), min(end, span[1])
    return max(0, int((end - start).total_seconds()))
