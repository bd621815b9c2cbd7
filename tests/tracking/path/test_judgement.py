"""What a position's own row says against it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kit.settings import Settings
from tracking.path.judgement import (
    JudgementRules,
    Reason,
    Region,
    is_doubtful,
    judge,
    repair_time,
)

NOW = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
RULES = JudgementRules()


def judged(
    time: datetime | None = NOW,
    latitude: float = 45.7,
    longitude: float = 126.6,
    fixed: bool = True,
    encrypted: bool = False,
    rules: JudgementRules = RULES,
) -> Reason:
    return judge(time, latitude, longitude, fixed, encrypted, NOW, rules)


def test_a_good_position_has_no_reason_against_it() -> None:
    assert judged() is Reason.NONE
    assert not is_doubtful(judged())


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (Reason.NO_FIX, judged(fixed=False)),
        (Reason.ZERO_ISLAND, judged(latitude=0.0, longitude=0.0)),
        (Reason.IMPOSSIBLE_COORDINATES, judged(latitude=90.000001)),
        (Reason.IMPOSSIBLE_COORDINATES, judged(longitude=-180.000001)),
        (Reason.IMPOSSIBLE_COORDINATES, judged(latitude=float("nan"))),
        (Reason.TIME_UNREADABLE, judged(time=None)),
        (Reason.FUTURE, judged(time=NOW + timedelta(minutes=5, seconds=1))),
        (Reason.STALE, judged(time=NOW - timedelta(days=30, seconds=1))),
        (Reason.STALE, judged(time=datetime(1970, 1, 1, tzinfo=UTC))),
        (Reason.STALE, judged(time=datetime(2000, 1, 1, tzinfo=UTC))),
        (Reason.ENCRYPTED, judged(encrypted=True)),
    ],
)
def test_each_defect_has_its_own_reason(reason: Reason, said: Reason) -> None:
    assert said is reason
    assert is_doubtful(said)


def test_all_reasons_are_said_together() -> None:
    said = judged(time=None, latitude=0.0, longitude=0.0, fixed=False, encrypted=True)
    assert said == (Reason.TIME_UNREADABLE | Reason.ZERO_ISLAND | Reason.NO_FIX | Reason.ENCRYPTED)


def test_the_equator_is_not_the_zero_island() -> None:
    assert judged(latitude=0.0) is Reason.NONE


def test_the_limits_of_the_clock_still_count() -> None:
    assert judged(time=NOW + RULES.future_after) is Reason.NONE
    assert judged(time=NOW - RULES.stale_after) is Reason.NONE


def test_a_place_outside_the_region_is_doubtful() -> None:
    rules = JudgementRules(region=Region(south=43, west=121, north=54, east=135.1))
    assert judged(rules=rules) is Reason.NONE
    assert judged(latitude=22.5, rules=rules) is Reason.OUTSIDE_REGION


def test_the_operator_chooses_region_and_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGCHE_POSITION_REGION", "43.4,121.1,53.6,135.1")
    monkeypatch.setenv("GONGCHE_POSITION_STALE_DAYS", "40")
    rules = JudgementRules.of(Settings())
    assert rules.region == Region(south=43.4, west=121.1, north=53.6, east=135.1)
    assert rules.stale_after == timedelta(days=40)
    assert judged(latitude=30.0, rules=rules) is Reason.OUTSIDE_REGION


@pytest.mark.parametrize("text", ["north", "1,2,3", "1,2,3,4,5", "1,2,3,nan", ""])
def test_a_region_that_is_no_box_is_refused_as_a_setting(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("GONGCHE_POSITION_REGION", text)
    with pytest.raises(ValidationError):
        Settings()


@pytest.mark.parametrize("text", ["54,73,17,135", "17,135,54,73", "-91,73,54,135"])
def test_a_region_the_wrong_way_round_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="south < north"):
        Region.parse(text)


@given(st.integers(1, 2), st.integers(-300, 29 * 86_400))
def test_missed_roll_overs_are_repaired_and_marked(periods: int, age_s: int) -> None:
    true_time = NOW - timedelta(seconds=age_s)
    told = true_time - periods * timedelta(weeks=1024)
    assert repair_time(told, NOW) == (true_time, True)
    reason = judged(time=told)
    assert reason is Reason.ROLLOVER_REPAIRED
    assert not is_doubtful(reason)


@given(st.integers(-300, 30 * 86_400))
def test_a_right_clock_is_left_alone(age_s: int) -> None:
    time = NOW - timedelta(seconds=age_s)
    assert repair_time(time, NOW) == (time, False)


def test_a_stale_limit_that_would_hide_roll_overs_is_refused() -> None:
    with pytest.raises(ValueError, match="1,024 weeks"):
        JudgementRules(stale_after=timedelta(weeks=600))
