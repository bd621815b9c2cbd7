"""What a day is: worked or not, by the week, by a notice, or by a region's own days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_SATURDAY = 5


class DayKind(StrEnum):
    """What a day is to those who work."""

    WORKDAY = "workday"
    REST = "rest"
    HOLIDAY = "holiday"
    MAKEUP_WORKDAY = "makeup_workday"

    @property
    def is_worked(self) -> bool:
        """Whether people work on such a day."""
        return self in {DayKind.WORKDAY, DayKind.MAKEUP_WORKDAY}


class CalendarStatus(StrEnum):
    """How sure a calendar is."""

    PUBLISHED = "published"
    PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that a notice names: its kind, and the festival or reason."""

    date: date
    kind: DayKind
    name: str | None


@dataclass(frozen=True, slots=True)
class Layer:
    """The named days of one region for a year, from one version.

    version: None where nobody has published the year and it was computed
    """

    region_code: str
    version: int | None
    status: CalendarStatus
    source: str
    days: Mapping[date, NamedDay]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a region's calendar, and from which region's layer it comes (None: the week)."""

    date: date
    kind: DayKind
    name: str | None
    region_code: str | None


@dataclass(frozen=True, slots=True)
class YearCalendar:
    """A region's year: its layers from the nation down; a lower region's own days go first."""

    year: int
    region_code: str
    layers: Sequence[Layer]

    @property
    def provisional(self) -> bool:
        """Whether any layer may still change by a notice."""
        return any(layer.status is CalendarStatus.PROVISIONAL for layer in self.layers)

    def day(self, day: date) -> Day:
        """Return what a day of this year is. Raises ValueError for another year's."""
        if day.year != self.year:
            raise ValueError(f"{day} is no day of {self.year}")
        for layer in reversed(self.layers):
            if named := layer.days.get(day):
                return Day(day, named.kind, named.name, layer.region_code)
        return Day(day, kind_by_week(day), None, None)

    def days(self) -> list[Day]:
        """Return every day of the year in order."""
        first = date(self.year, 1, 1)
        length = (date(self.year, 12, 31) - first).days + 1
        return [self.day(first + timedelta(days=n)) for n in range(length)]


@dataclass(frozen=True, slots=True)
class Difference:
    """A day that is something else after an import than before."""

    before: Day
    after: Day


def kind_by_week(day: date) -> DayKind:
    """Return what a day is when no notice names it."""
    return DayKind.REST if day.weekday() >= _SATURDAY else DayKind.WORKDAY


def differences(before: YearCalendar, after: YearCalendar) -> list[Difference]:
    """Return the days whose kind or name differs, in order."""
    pairs = zip(before.days(), after.days(), strict=True)
    return [Difference(a, b) for a, b in pairs if (a.kind, a.name) != (b.kind, b.name)]
