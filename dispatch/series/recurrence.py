"""On which days the rides of a series fall, by the calendar of the unit's region.

Days and times are those of Shanghai; the calendar knows public holidays, and the weekends that are
worked in their place.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dispatch.series.words import NoRide, Repeats
from fleet.calendar.days import Day
from kit.clock import SHANGHAI

_ONE_DAY = timedelta(days=1)
_SATURDAY = 6


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When a ride returns.

    weekdays: 1 is Monday, 7 Sunday; of a weekly series alone
    days_off_too: whether a daily or weekly ride also falls on days that a calendar takes off
    last_day: the last on which a ride may fall; at_most: how many there are at most
    end_time: on the next day where it isn't later than start_time
    """

    repeats: Repeats
    weekdays: frozenset[int]
    days_off_too: bool
    first_day: date
    last_day: date
    start_time: time
    end_time: time
    at_most: int

    def period(self, day: date) -> tuple[datetime, datetime]:
        """Return [start, end) of the ride of a Shanghai day."""
        ends_on = day if self.end_time > self.start_time else day + _ONE_DAY
        return (
            datetime.combine(day, self.start_time, SHANGHAI),
            datetime.combine(ends_on, self.end_time, SHANGHAI),
        )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A day that a series names, on which there is no ride; name: of the festival, if any."""

    day: date
    why: NoRide
    name: str | None


@dataclass(frozen=True, slots=True)
class RideDays:
    """The days of a series on which there is a ride, and the named ones on which there is none."""

    days: tuple[date, ...]
    left_out: tuple[LeftOut, ...]


def ride_days(one: Recurrence, calendar: Callable[[date], Day], now: datetime) -> RideDays:
    """Return the days on which a series has rides, those that have begun apart.

    calendar: what a day is where the unit is
    """
    days: list[date] = []
    left_out: list[LeftOut] = []
    for day in _named(one):
        if len(days) == one.at_most:
            break
        told = calendar(day)
        if _is_off(one, told):
            left_out.append(LeftOut(day, NoRide.DAY_OFF, told.name))
        elif _is_ride(one, told):
            if one.period(day)[0] < now:
                left_out.append(LeftOut(day, NoRide.PAST, None))
            else:
                days.append(day)
    return RideDays(tuple(days), tuple(left_out))


def _named(one: Recurrence) -> Iterator[date]:
    for n in range((one.last_day - one.first_day).days + 1):
        day = one.first_day + n * _ONE_DAY
        if one.repeats is not Repeats.WEEKLY or day.isoweekday() in one.weekdays:
            yield day


def _is_off(one: Recurrence, day: Day) -> bool:
    """Whether a calendar takes off a day on which there would be a ride by the week alone."""
    if day.region_code is None or day.kind.is_worked:
        return False
    by_week = one.repeats is not Repeats.WORKDAYS or day.date.isoweekday() < _SATURDAY
    return by_week and not (one.days_off_too and one.repeats is not Repeats.WORKDAYS)


def _is_ride(one: Recurrence, day: Day) -> bool:
    return one.repeats is not Repeats.WORKDAYS or day.kind.is_worked
