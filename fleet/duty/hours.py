"""Duty hours of a driver, by Shanghai day and by week from Monday, held against their limits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from kit.clock import day_period

Period = tuple[datetime, datetime]
Over = Literal["planned_s", "driven_s"]

_HOUR = 3600
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DutyLimits:
    """The most that a driver is planned to be on duty, and drives, in seconds.

    planned: 8 h a day and 44 h a week, with at most 3 h of overtime a day (劳动法 art 36 and 41)
    driven: 8 h in 24 h and 44 h in 7 days (道路旅客运输企业安全管理规范 art 38, taken as a measure)
    """

    planned_day_s: int = 11 * _HOUR
    planned_week_s: int = 44 * _HOUR
    driven_day_s: int = 8 * _HOUR
    driven_week_s: int = 44 * _HOUR

    def __post_init__(self) -> None:
        if min(self.planned_day_s, self.driven_day_s) < 1:
            raise ValueError("limits must be positive")
        if self.planned_week_s < self.planned_day_s or self.driven_week_s < self.driven_day_s:
            raise ValueError("a week's limit must not be smaller than a day's")


@dataclass(frozen=True, slots=True)
class Hours:
    """What falls on a day, or on the week that begins with it.

    planned_s: of shifts; ordered_s: promised to orders; driven_s: between departure and return
    away_s: on leave; over: which figures exceed their limit
    """

    day: date
    planned_s: int
    ordered_s: int
    driven_s: int
    away_s: int
    over: tuple[Over, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """All periods of one driver that count."""

    planned: Sequence[Period]
    ordered: Sequence[Period]
    driven: Sequence[Period]
    away: Sequence[Period]


def monday_of(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def daily_hours(kept: Kept, days: Sequence[date], limits: DutyLimits) -> list[Hours]:
    """Return the hours of each of these Shanghai days, in their order."""
    return _hours(kept, [[day] for day in days], limits.planned_day_s, limits.driven_day_s)


def weekly_hours(kept: Kept, days: Sequence[date], limits: DutyLimits) -> list[Hours]:
    """Return the hours of each whole week that one of these days belongs to, in their order."""
    mondays = sorted({monday_of(day) for day in days})
    weeks = [[monday + timedelta(days=n) for n in range(7)] for monday in mondays]
    return _hours(kept, weeks, limits.planned_week_s, limits.driven_week_s)


def seconds_by_day(periods: Iterable[Period], days: Iterable[date]) -> dict[date, int]:
    """Return how many whole seconds of the periods fall on each Shanghai day."""
    spans = list(periods)
    return {day: sum(_common_s(span, day_period(day)) for span in spans) for day in days}


def _hours(
    kept: Kept, parts: Sequence[Sequence[date]], planned_most_s: int, driven_most_s: int
) -> list[Hours]:
    days = sorted({day for part in parts for day in part})
    planned, ordered = seconds_by_day(kept.planned, days), seconds_by_day(kept.ordered, days)
    driven, away = seconds_by_day(kept.driven, days), seconds_by_day(kept.away, days)
    found = []
    for part in parts:
        planned_s, driven_s = _sum(planned, part), _sum(driven, part)
        over: list[Over] = []
        if planned_s > planned_most_s:
            over.append("planned_s")
        if driven_s > driven_most_s:
            over.append("driven_s")
        found.append(
            Hours(
                day=part[0],
                planned_s=planned_s,
                ordered_s=_sum(ordered, part),
                driven_s=driven_s,
                away_s=_sum(away, part),
                over=tuple(over),
            )
        )
    return found


def _sum(seconds: Mapping[date, int], part: Iterable[date]) -> int:
    return sum(seconds[day] for day in part)


def _common_s(one: Period, other: Period) -> int:
    """Return the whole seconds that two periods share; parts of a period add up to it."""
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return max(0, _whole_s(end) - _whole_s(start))


def _whole_s(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(seconds=1)
