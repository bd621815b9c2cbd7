"""How many hours a driver would be on orders, by day and by week, held against the limits.

An order counts on a Shanghai day for at most the longest day of duty, because whoever is away for
several days sleeps in between. A ride that is too long by itself is a matter of its approval: it
is no reason to prefer one driver to another, and so it never leaves out a driver with nothing else.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import overload

import numpy as np

from dispatch.eligibility.columns import Bools, Ints
from dispatch.eligibility.need import Need
from fleet.duty.hours import DutyLimits, monday_of
from kit.clock import day_period, day_start, shanghai_day

_DAY_S = 86_400


@overload
def counted_s(seconds: int, longest_day_s: int) -> int: ...
@overload
def counted_s(seconds: Ints, longest_day_s: int) -> Ints: ...
def counted_s(seconds: int | Ints, longest_day_s: int) -> int | Ints:
    """Return how much of an order of so many seconds counts, in seconds; or of each of many."""
    most_s = -(-seconds // _DAY_S) * longest_day_s
    return min(seconds, most_s) if isinstance(seconds, int) else np.minimum(seconds, most_s)


@overload
def beyond(ordered_s: int, ride_s: int, most_s: int) -> bool: ...
@overload
def beyond(ordered_s: Ints, ride_s: Ints, most_s: int) -> Bools: ...
def beyond(ordered_s: int | Ints, ride_s: int | Ints, most_s: int) -> bool | Bools:
    """Whether a ride makes it too long for a driver with these orders; or of many, for each.

    ride_s: how much of the ride counts
    """
    return (ordered_s > 0) & (ordered_s + ride_s > most_s)


def week_of(instant: datetime) -> tuple[datetime, datetime]:
    """Return the Shanghai week from Monday in which an instant lies, [start, end)."""
    monday = monday_of(shanghai_day(instant))
    return day_start(monday), day_start(monday + timedelta(days=7))


def day_beyond(ordered_s: int, need: Need, limits: DutyLimits) -> bool:
    """Whether the day on which the ride begins gets too long for a driver with these orders.

    Source: at most 8 h and 3 h of overtime a day (劳动法 art 36, 41).
    """
    most_s = limits.planned_day_s
    return beyond(ordered_s, counted_s(_of_day_s(need.start, need.end), most_s), most_s)


def week_beyond(ordered_s: int, need: Need, limits: DutyLimits) -> bool:
    """Whether the week in which the ride begins gets too long for a driver with these orders.

    Source: at most 44 h a week (劳动法 art 36).
    """
    counts_s = counted_s(_of_week_s(need.start, need.end), limits.planned_day_s)
    return beyond(ordered_s, counts_s, limits.planned_week_s)


# Asked of thousands of drivers for each ride of a batch.
@lru_cache(maxsize=1024)
def _of_day_s(start: datetime, end: datetime) -> int:
    """Return the seconds of a ride that lie in the day on which it begins."""
    return _within(start, end, day_period(shanghai_day(start)))


@lru_cache(maxsize=1024)
def _of_week_s(start: datetime, end: datetime) -> int:
    """Return the seconds of a ride that lie in the week in which it begins."""
    return _within(start, end, week_of(start))


def _within(start: datetime, end: datetime, span: tuple[datetime, datetime]) -> int:
    start, end = max(start, span[0]), min(end, span[1])
    return max(0, int((end - start).total_seconds()))
