"""Which partitions are made ahead, and which days are due to be settled."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tracking.settling.days import (
    Settled,
    SettlingRules,
    day_of,
    days_to_make,
    days_to_settle,
    partition_of,
)

# Noon in Shanghai.
NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
RULES = SettlingRules(
    ahead_days=2,
    behind_days=1,
    grace=timedelta(hours=2),
    late_patience=timedelta(hours=1),
)


def nov(day: int) -> date:
    return date(2026, 11, day)


def test_a_partition_is_named_by_its_day_and_the_doubtful_one_has_none() -> None:
    assert partition_of(nov(1)) == "position_20261101"
    assert day_of("position_20261101") == nov(1)
    assert day_of("position_doubtful") is None


def test_days_around_today_are_made_unless_they_stand() -> None:
    made = days_to_make({nov(1), nov(2)}, NOW, RULES)
    assert made == [date(2026, 10, 31), nov(3)]


def test_the_day_that_begins_is_that_of_shanghai() -> None:
    late_evening_utc = datetime(2026, 11, 1, 17, tzinfo=UTC)
    assert days_to_make((), late_evening_utc, RULES)[-1] == nov(4)


@pytest.mark.parametrize(("hours", "due"), [(-0.1, []), (0, [nov(1)])])
def test_a_day_is_settled_when_it_is_over_and_its_grace_too(hours: float, due: list[date]) -> None:
    end = datetime(2026, 11, 1, 16, tzinfo=UTC) + RULES.grace
    assert days_to_settle([nov(1), nov(2)], [], end + timedelta(hours=hours), RULES) == due


def test_a_settled_day_is_settled_anew_once_it_was_late_for_long_enough() -> None:
    standing = [date(2026, 10, n) for n in (26, 27, 28, 29)]
    settled = [
        Settled(standing[0], None),
        Settled(standing[1], NOW - timedelta(minutes=59)),
        Settled(standing[2], NOW - timedelta(minutes=60)),
    ]
    assert days_to_settle(standing, settled, NOW, RULES) == [standing[3], standing[2]]


def test_rules_that_cannot_be_kept_are_refused() -> None:
    with pytest.raises(ValueError, match="before their day"):
        SettlingRules(ahead_days=0)
    with pytest.raises(ValueError, match="no time"):
        SettlingRules(grace=timedelta(seconds=-1))
