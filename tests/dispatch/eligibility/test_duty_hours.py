"""Hours of duty by day and week: orders count, nights between them don't."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.eligibility.duty_hours import counted_s, day_beyond, week_beyond, week_of
from fleet.duty.hours import DutyLimits
from tests.dispatch.eligibility.choosing import need

LIMITS = DutyLimits()
HOUR = 3600
MONDAY = datetime(2026, 3, 1, 16, tzinfo=UTC)  # midnight in Shanghai


def ride(first_h: float, last_h: float) -> object:
    return need(start=MONDAY + timedelta(hours=first_h), end=MONDAY + timedelta(hours=last_h))


@pytest.mark.parametrize(
    ("ordered_h", "first_h", "last_h", "beyond"),
    [
        (0, 6, 23, False),  # too long by itself: its approval's matter
        (8, 8, 11, False),  # exactly 11 h
        (8, 8, 11.001, True),
        (8, 21, 30, False),  # 3 h of it fall on this day
        (8, 20.5, 30, True),
        (0, 8, 80, False),
        (1, 8, 80, True),  # 16 h of the day count for 11
    ],
)
def test_a_day_gets_too_long_by_what_lies_in_it(
    ordered_h: float, first_h: float, last_h: float, beyond: bool
) -> None:
    wanted = ride(first_h, last_h)
    assert day_beyond(int(ordered_h * HOUR), wanted, LIMITS) is beyond  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ordered_h", "first_h", "last_h", "beyond"),
    [
        (0, 0, 167, False),
        (40, 104, 108, False),  # exactly 44 h
        (40, 104, 108.001, True),
        (33, 48, 72, False),  # a day away counts for 11 h
        (34, 48, 72, True),
        (43, 167, 180, False),  # 1 h of it falls on this week
    ],
)
def test_a_week_gets_too_long_by_what_counts_in_it(
    ordered_h: float, first_h: float, last_h: float, beyond: bool
) -> None:
    wanted = ride(first_h, last_h)
    assert week_beyond(int(ordered_h * HOUR), wanted, LIMITS) is beyond  # type: ignore[arg-type]


def test_a_week_runs_from_monday_to_monday_in_shanghai() -> None:
    week = (MONDAY, MONDAY + timedelta(days=7))
    assert week_of(MONDAY) == week
    assert week_of(MONDAY + timedelta(days=7) - timedelta(microseconds=1)) == week
    assert week_of(MONDAY - timedelta(microseconds=1))[1] == MONDAY


@given(
    seconds=st.integers(0, 40 * 86_400),
    more=st.integers(0, 86_400),
    longest_s=st.integers(1, 86_400),
)
def test_a_longer_order_never_counts_less_and_never_more_than_it_lasts(
    seconds: int, more: int, longest_s: int
) -> None:
    counted = counted_s(seconds, longest_s)
    assert 0 <= counted <= seconds
    assert counted_s(seconds + more, longest_s) >= counted
    assert counted_s(seconds, 86_400) == seconds
