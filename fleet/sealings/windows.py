"""When a sealing holds: its whole period, or the days off inside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fleet.calendar.days import DayKind
from kit.clock import day_period, days_between


class SealedDays(StrEnum):
    """On which days of its period a sealing holds (适用日)."""

    EVERY_DAY = "every_day"
    HOLIDAYS = "holidays"
    HOLIDAYS_AND_WEEKENDS = "holidays_and_weekends"


_SEALED_KINDS = {
    SealedDays.EVERY_DAY: frozenset(DayKind),
    SealedDays.HOLIDAYS: frozenset({DayKind.HOLIDAY}),
    SealedDays.HOLIDAYS_AND_WEEKENDS: frozenset({DayKind.HOLIDAY, DayKind.REST}),
}


@dataclass(frozen=True, slots=True)
class Window:
    """[start, end) in UTC, in which vehicles stand sealed."""

    start: datetime
    end: datetime


def is_sealed_day(days: SealedDays, kind: DayKind) -> bool:
    """Return whether a sealing holds on a day of this kind, inside its period."""
    return kind in _SEALED_KINDS[days]


def sealed_windows(
    start: datetime, end: datetime, days: SealedDays, kind_of: Callable[[date], DayKind]
) -> Sequence[Window]:
    """Return the windows of a sealing's period [start, end), in order, adjoining ones as one.

    kind_of: what a Shanghai day is in the region concerned
    """
    if days is SealedDays.EVERY_DAY:
        return [Window(start, end)] if start < end else []
    windows: list[Window] = []
    for day in days_between(start, end):
        if not is_sealed_day(days, kind_of(day)):
            continue
        first, last = day_period(day)
        first, last = max(first, start), min(last, end)
        if first >= last:
            continue
        if windows and windows[-1].end == first:
            windows[-1] = Window(windows[-1].start, last)
        else:
            windows.append(Window(first, last))
    return windows
