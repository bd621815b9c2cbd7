"""When and how long a driver may be planned: shifts, leave, rest beside other days, hours."""

from datetime import UTC, datetime

import pytest

from dispatch.capacity.fitting import seconds
from dispatch.capacity.model import Span
from dispatch.plans.drivers import REST_S, WEEKS, free_of, hours_of

# A Tuesday in Shanghai.
DAY = datetime(2026, 11, 23, 16, tzinfo=UTC), datetime(2026, 11, 24, 16, tzinfo=UTC)
ZERO, HOUR_S = seconds(DAY[0]), 3_600
DAY_H = 24


def at(start_h: float, end_h: float) -> Span:
    """A span by the hours since the day's midnight."""
    return ZERO + round(start_h * HOUR_S), ZERO + round(end_h * HOUR_S)


def free_h(**more: list[Span]) -> list[tuple[float, float]]:
    """When a driver is free, in hours since the day's midnight."""
    told = {"shifts": [], "leaves": [], "ordered": []} | more
    found = free_of(DAY, told["shifts"], told["leaves"], told["ordered"])
    return [((start - ZERO) / HOUR_S, (end - ZERO) / HOUR_S) for start, end in found]


@pytest.mark.parametrize(
    ("ordered", "free"),
    [
        # The evening before, ended before midnight and after it: eight hours of rest follow both.
        (at(-6, -1), [(7, 36)]),
        (at(-2, 3), [(11, 36)]),
        # On the day itself only its own time is taken, also where it lasts into the next.
        (at(8, 10), [(-12, 8), (10, 36)]),
        (at(20, 27), [(-12, 20)]),
        # Of the next day: the rest lies before it.
        (at(26, 30), [(-12, 18)]),
    ],
)
def test_between_two_days_of_duty_lie_eight_hours_of_rest(
    ordered: Span, free: list[tuple[float, float]]
) -> None:
    assert REST_S == 8 * HOUR_S
    assert free_h(ordered=[ordered]) == free


def test_a_driver_is_free_in_the_shifts_of_the_day_and_never_on_leave() -> None:
    assert free_h(shifts=[at(8, 12), at(14, 18)]) == [(8, 12), (14, 18)]
    assert free_h(shifts=[at(8, 18)], leaves=[at(10, 12)]) == [(8, 10), (12, 18)]
    assert free_h(leaves=[at(-20, 40)]) == []
    # An hour on the day before, or after, isn't one of the day.
    assert free_h(leaves=[at(-11, 40)]) == free_h(leaves=[at(-20, 30)]) == []
    # Shifts of other days alone don't say that there is none on this one.
    assert free_h(shifts=[at(-10, -2)]) == [(-12, 36)]


def test_hours_count_by_day_by_week_from_monday_and_over_four_weeks() -> None:
    monday, sunday, long_ago = at(-16, -12), at(-40, -30), at(-29 * DAY_H, -29 * DAY_H + 5)
    today, next_week = at(8, 11), at(6 * DAY_H, 6 * DAY_H + 5)
    day_s, week_s, before_s = hours_of(DAY[0], [monday, sunday, long_ago, today, next_week])
    assert (day_s, week_s, before_s) == (3 * HOUR_S, 7 * HOUR_S, 14 * HOUR_S)
    # Whoever is away for two days sleeps in between: eleven hours a day count.
    away = at(-72, -24)
    assert hours_of(DAY[0], [away]) == (0, 0, 22 * HOUR_S)
    assert WEEKS.days == 28
