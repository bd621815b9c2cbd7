"""On which days a ride returns: the week, the calendar, the limits, midnight."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.series.recurrence import LeftOut, Recurrence, ride_days
from dispatch.series.words import NoRide, Repeats
from fleet.calendar.days import Day, DayKind, kind_by_week

MONDAY = date(2026, 9, 21)
EARLY = datetime(2026, 9, 1, tzinfo=UTC)
# As in an autumn with a long holiday: Thursday to Wednesday off, one Saturday worked in its place.
NOTICE: dict[date, Day] = {
    date(2026, 10, n): Day(date(2026, 10, n), DayKind.HOLIDAY, "国庆节", "000000")
    for n in range(1, 8)
} | {date(2026, 10, 10): Day(date(2026, 10, 10), DayKind.MAKEUP_WORKDAY, None, "000000")}


def calendar(day: date, notice: Mapping[date, Day] = NOTICE) -> Day:
    return notice.get(day) or Day(day, kind_by_week(day), None, None)


def recurrence(**changes: object) -> Recurrence:
    told: dict[str, object] = {
        "repeats": Repeats.WORKDAYS,
        "weekdays": frozenset(),
        "days_off_too": False,
        "first_day": MONDAY,
        "last_day": MONDAY + timedelta(days=27),
        "start_time": time(8),
        "end_time": time(9),
        "at_most": 180,
        **changes,
    }
    return Recurrence(**told)  # type: ignore[arg-type]


def test_workdays_leave_out_the_holidays_and_take_the_saturday_that_is_worked() -> None:
    found = ride_days(recurrence(), calendar, EARLY)
    assert [day.day for day in found.days] == [
        *(21, 22, 23, 24, 25, 28, 29, 30), *(8, 9, 10, 12, 13, 14, 15, 16),
    ]  # fmt: skip
    # The weekend within the holiday would have had no ride by the week alone.
    assert [one.day.day for one in found.left_out] == [1, 2, 5, 6, 7]
    assert found.left_out[0] == LeftOut(date(2026, 10, 1), NoRide.DAY_OFF, "国庆节")


def test_a_weekly_ride_falls_on_its_weekdays_and_on_days_off_only_when_that_is_said() -> None:
    thursdays = recurrence(repeats=Repeats.WEEKLY, weekdays=frozenset({4}))
    found = ride_days(thursdays, calendar, EARLY)
    assert [day.isoformat() for day in found.days] == ["2026-09-24", "2026-10-08", "2026-10-15"]
    assert [one.day.day for one in found.left_out] == [1]
    all_the_same = recurrence(repeats=Repeats.WEEKLY, weekdays=frozenset({4}), days_off_too=True)
    assert len(ride_days(all_the_same, calendar, EARLY).days) == 4


def test_what_has_begun_is_told_as_past_and_counts_for_nothing() -> None:
    # 08:00 in Shanghai is midnight UTC: a minute later the ride of Monday has begun.
    now = datetime(2026, 9, 21, 0, 1, tzinfo=UTC)
    found = ride_days(recurrence(at_most=2), calendar, now)
    assert [day.day for day in found.days] == [22, 23]
    assert found.left_out == (LeftOut(MONDAY, NoRide.PAST, None),)


def test_a_ride_over_midnight_ends_on_the_next_day() -> None:
    start, end = recurrence(start_time=time(22), end_time=time(2)).period(MONDAY)
    assert start == datetime(2026, 9, 21, 14, tzinfo=UTC)
    assert end - start == timedelta(hours=4)


@given(
    repeats=st.sampled_from(Repeats),
    weekdays=st.frozensets(st.integers(1, 7), min_size=1),
    days_off_too=st.booleans(),
    length=st.integers(0, 60),
    at_most=st.integers(1, 70),
    now=st.integers(0, 90 * 24).map(lambda hours: EARLY + timedelta(hours=hours)),
)
def test_the_days_are_in_order_within_the_limits_and_no_day_is_both_ridden_and_left_out(
    *,
    repeats: Repeats,
    weekdays: frozenset[int],
    days_off_too: bool,
    length: int,
    at_most: int,
    now: datetime,
) -> None:
    one = recurrence(
        repeats=repeats,
        weekdays=weekdays if repeats is Repeats.WEEKLY else frozenset(),
        days_off_too=days_off_too,
        last_day=MONDAY + timedelta(days=length),
        at_most=at_most,
    )
    found = ride_days(one, calendar, now)
    assert list(found.days) == sorted(set(found.days))
    assert len(found.days) <= at_most
    assert set(found.days).isdisjoint(left.day for left in found.left_out)
    for day in found.days:
        start, end = one.period(day)
        assert now <= start < end <= start + timedelta(days=1)
        assert one.first_day <= day <= one.last_day
        if repeats is Repeats.WORKDAYS or not days_off_too:
            assert calendar(day).kind is not DayKind.HOLIDAY


@pytest.mark.parametrize("repeats", [Repeats.DAILY, Repeats.WEEKLY])
def test_weekends_are_days_like_others_where_no_notice_names_them(repeats: Repeats) -> None:
    every = frozenset(range(1, 8)) if repeats is Repeats.WEEKLY else frozenset[int]()
    one = recurrence(repeats=repeats, weekdays=every, last_day=MONDAY + timedelta(days=6))
    assert len(ride_days(one, calendar, EARLY).days) == 7
