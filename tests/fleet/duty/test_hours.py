"""Duty hours: rules without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.duty.hours import (
    DutyLimits,
    Kept,
    daily_hours,
    monday_of,
    seconds_by_day,
    weekly_hours,
)

# Monday 00:00 in Shanghai.
MONDAY = date(2026, 3, 2)
MIDNIGHT = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
NOTHING = Kept((), (), (), ())
WEEK = [MONDAY + timedelta(days=n) for n in range(7)]


def span(first_h: float, last_h: float) -> tuple[datetime, datetime]:
    return MIDNIGHT + timedelta(hours=first_h), MIDNIGHT + timedelta(hours=last_h)


def test_a_shift_over_midnight_counts_on_both_days() -> None:
    kept = replace(NOTHING, planned=(span(20, 30),))
    days = daily_hours(kept, WEEK[:2], DutyLimits())
    assert [(one.day, one.planned_s) for one in days] == [
        (MONDAY, 4 * 3600),
        (WEEK[1], 6 * 3600),
    ]


def test_a_day_and_a_week_say_which_figure_is_over_its_limit() -> None:
    kept = replace(
        NOTHING,
        planned=[span(24 * n + 8, 24 * n + 17) for n in range(5)],
        driven=(span(8, 16.5),),
    )
    days = daily_hours(kept, WEEK, DutyLimits())
    assert days[0].over == ("driven_s",)
    assert days[1].over == ()
    (week,) = weekly_hours(kept, WEEK[2:4], DutyLimits())
    assert (week.day, week.planned_s, week.over) == (MONDAY, 45 * 3600, ("planned_s",))


def test_what_is_just_at_the_limit_is_not_over_it() -> None:
    kept = replace(NOTHING, planned=(span(8, 19),), driven=(span(8, 16),))
    assert daily_hours(kept, [MONDAY], DutyLimits())[0].over == ()


@pytest.mark.parametrize("changes", [{"planned_day_s": 0}, {"driven_week_s": 1}])
def test_limits_check_themselves(changes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="limit"):
        replace(DutyLimits(), **changes)


@given(st.lists(st.tuples(st.integers(0, 9 * 24 * 60), st.integers(1, 36 * 60)), max_size=8))
def test_the_days_of_a_shift_add_up_to_it(shifts: list[tuple[int, int]]) -> None:
    periods = [
        (
            MIDNIGHT + timedelta(minutes=first, microseconds=1),
            MIDNIGHT + timedelta(minutes=first + length, microseconds=999_999),
        )
        for first, length in shifts
    ]
    days = [MONDAY + timedelta(days=n) for n in range(14)]
    assert sum(seconds_by_day(periods, days).values()) == sum(60 * length for _, length in shifts)
    kept = replace(NOTHING, planned=periods)
    weeks = weekly_hours(kept, days, DutyLimits())
    assert [one.day for one in weeks] == sorted({monday_of(day) for day in days})
    assert sum(one.planned_s for one in weeks) == sum(
        one.planned_s for one in daily_hours(kept, days, DutyLimits())
    )
