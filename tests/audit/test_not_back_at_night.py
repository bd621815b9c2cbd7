"""Rule not_back_at_night, at its edges."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from audit.rules.drafts import FindingDraft
from audit.rules.not_back_at_night import Drive, Night, Rest, judge_night, night_window
from audit.rules.thresholds import NightThresholds
from audit.uses import BasePlace, Use
from kit.clock import shanghai_day
from tests.audit.facts import beijing

BASE = BasePlace("甲局停车场", 40.0, 110.0, 150.0)
USE = Use(7, None, None, BASE)
RULES = NightThresholds()
EVENING, MORNING = beijing(31, 22), beijing(1, 6, month=11)
NIGHT = date(2026, 10, 31)
SOURCE = UUID(int=9)


@dataclass(frozen=True)
class Reason:
    kind: str
    start: datetime
    end: datetime
    source_id: UUID = SOURCE


def place(north_m: float) -> tuple[float, float]:
    return BASE.latitude + north_m / 111_195.0, BASE.longitude


def judge(
    rests: list[Rest],
    drives: list[Drive] | None = None,
    reasons: list[Reason] | None = None,
    use: Use = USE,
) -> FindingDraft | None:
    """Judge the night from 31 October to 1 November; the terminal speaks every ten minutes."""
    heard = [EVENING + timedelta(minutes=10 * n) for n in range(48)]
    return judge_night(NIGHT, Night(rests, drives or [], reasons or [], heard), use, RULES)


def codes(draft: FindingDraft | None) -> list[str]:
    assert draft is not None
    return [counter.code for counter in draft.counter_evidence]


def test_the_window_runs_over_the_end_of_a_month() -> None:
    start, end = night_window(NIGHT, RULES)
    assert (start, end) == (EVENING, MORNING)
    assert shanghai_day(end) == date(2026, 11, 1)


def test_a_night_elsewhere_is_a_finding_with_its_figures() -> None:
    draft = judge([Rest(beijing(31, 20), None, place(5000))])
    assert draft is not None
    assert draft.figures["away_s"] == 8 * 3600
    assert draft.figures["farthest_from_base_m"] == 5000
    assert (draft.subject, draft.day) == ("2026-10-31", NIGHT)
    assert (draft.start, draft.end) == (EVENING, MORNING)
    assert draft.counter_evidence == ()


def test_a_night_at_the_base_is_none() -> None:
    assert judge([Rest(beijing(31, 18), None, place(149))]) is None


def test_just_outside_the_base_is_away_and_the_margin_is_said() -> None:
    assert codes(judge([Rest(beijing(31, 18), None, place(151))])) == ["small_margin"]


def test_a_base_reaches_at_least_as_far_as_the_rule_says() -> None:
    small = Use(7, None, None, BasePlace("点", 40.0, 110.0, 5.0))
    assert judge([Rest(beijing(31, 18), None, place(49))], use=small) is None


def test_an_hour_away_is_a_finding_and_a_second_less_is_none() -> None:
    def back_at(time: datetime) -> list[Rest]:
        return [Rest(beijing(31, 18), time, place(5000)), Rest(time, None, place(0))]

    assert judge(back_at(beijing(31, 23))) is not None
    assert judge(back_at(beijing(31, 22, 59, 59))) is None


def test_driving_in_the_night_is_away() -> None:
    drive = Drive(UUID(int=1), beijing(1, 1, month=11), beijing(1, 3, month=11))
    rests = [Rest(beijing(31, 18), drive.start, place(0)), Rest(drive.end, None, place(0))]
    draft = judge(rests, [drive])
    assert draft is not None
    assert draft.figures["away_s"] == 7200
    assert draft.trip_id == drive.trip_id
    assert draft.figures["farthest_from_base_m"] is None


@pytest.mark.parametrize("kind", ["ordered", "service", "filed"])
def test_a_night_inside_an_order_or_a_filing_is_none(kind: str) -> None:
    rests = [Rest(beijing(31, 18), None, place(5000))]
    assert judge(rests, reasons=[Reason(kind, EVENING, MORNING)]) is None


def test_a_filing_over_half_the_night_leaves_the_other_half() -> None:
    rests = [Rest(beijing(31, 18), None, place(5000))]
    draft = judge(rests, reasons=[Reason("filed", beijing(31, 12), beijing(1, 2, month=11))])
    assert draft is not None
    assert (draft.figures["away_s"], draft.figures["explained_s"]) == (4 * 3600, 4 * 3600)
    assert draft.start == beijing(1, 2, month=11)
    assert codes(draft) == ["partly_explained"]


def test_unknown_whereabouts_are_not_away_but_said() -> None:
    assert judge([]) is None
    draft = judge([Rest(beijing(31, 18), beijing(1, 0, month=11), place(5000))])
    assert draft is not None
    assert (draft.figures["away_s"], draft.figures["unknown_s"]) == (2 * 3600, 6 * 3600)
    assert codes(draft) == ["unknown"]


def test_a_silent_terminal_is_said() -> None:
    silent = Night([Rest(beijing(31, 18), None, place(5000))], [], [], heard=())
    assert codes(judge_night(NIGHT, silent, USE, RULES)) == ["terminal_silent"]


def test_a_vehicle_without_a_base_is_never_away() -> None:
    assert judge([Rest(beijing(31, 18), None, place(5000))], use=Use(7, None, None, None)) is None


@pytest.mark.parametrize(
    "wrong", [{"from_hour": 6}, {"to_hour": 22}, {"away_s": 9 * 3600}, {"base_radius_m": 0}]
)
def test_thresholds_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        NightThresholds(**wrong)
