"""From values of the calendar to what the API shows."""

from fleet.calendar import schemas
from fleet.calendar.days import CalendarStatus, Day, Difference, Layer, YearCalendar
from fleet.calendar.tables import CalendarVersion


def day(one: Day) -> schemas.DayOut:
    """Show a day."""
    return schemas.DayOut(date=one.date, kind=one.kind, name=one.name, region_code=one.region_code)


def layer(one: Layer) -> schemas.LayerOut:
    """Show what a year rests on."""
    return schemas.LayerOut(
        region_code=one.region_code, version=one.version, status=one.status, source=one.source
    )


def calendar(year: YearCalendar) -> schemas.CalendarOut:
    """Show a year."""
    return schemas.CalendarOut(
        year=year.year,
        region_code=year.region_code,
        provisional=year.provisional,
        versions=[layer(one) for one in year.layers],
        workdays=workdays(year),
        days=[day(one) for one in year.days()],
    )


def workdays(year: YearCalendar) -> int:
    """Return on how many days of a year people work."""
    return sum(one.kind.is_worked for one in year.days())


def difference(one: Difference) -> schemas.DifferenceOut:
    """Show a day that changes."""
    return schemas.DifferenceOut(date=one.after.date, before=day(one.before), after=day(one.after))


def version(row: CalendarVersion) -> schemas.CalendarVersionOut:
    """Show a version."""
    assert row.period.lower is not None
    return schemas.CalendarVersionOut(
        id=row.id,
        region_code=row.region_code,
        year=row.year,
        version=row.version,
        status=CalendarStatus(row.status),
        source=row.source,
        start=row.period.lower,
        end=row.period.upper,
    )
