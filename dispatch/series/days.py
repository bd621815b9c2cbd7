"""The days of a series' rides, by the calendar of its unit's region as it stands."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.series.recurrence import Recurrence, RideDays, ride_days
from dispatch.series.tables import RequestSeries
from dispatch.series.words import Repeats
from fleet.calendar.days import Day
from fleet.calendar.store import region_of, year_calendar


def recurrence_of(series: RequestSeries) -> Recurrence:
    """Return when the ride of a series returns."""
    return Recurrence(
        repeats=Repeats(series.repeats),
        weekdays=frozenset(series.weekdays),
        days_off_too=series.days_off_too,
        first_day=series.first_day,
        last_day=series.last_day,
        start_time=series.start_time,
        end_time=series.end_time,
        at_most=series.at_most,
    )


async def calendar_of(
    session: AsyncSession, series: RequestSeries, at: datetime
) -> Callable[[date], Day]:
    """Return what each day of a series is where its unit is, by the calendar known at an instant.

    A year that nobody has published is the provisional one, computed by the statutory rules.
    """
    region = await region_of(session, series.organisation_no, at)
    years = {
        year: await year_calendar(session, year, region, at)
        for year in range(series.first_day.year, series.last_day.year + 1)
    }
    return lambda day: years[day.year].day(day)


async def days_of(session: AsyncSession, series: RequestSeries, at: datetime) -> RideDays:
    """Return the days on which a series has rides, those that have begun at an instant apart."""
    calendar = await calendar_of(session, series, at)
    return ride_days(recurrence_of(series), calendar, at)
