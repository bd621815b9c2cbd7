"""Rule moved_without_order, at its edges."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from audit.explained import DrivenTrip, Kind, Leg, explain
from audit.rules.drafts import FindingDraft
from audit.rules.moved_without_order import judge_run
from audit.rules.thresholds import MovedThresholds
from audit.uses import BasePlace, Use
from tests.audit.facts import beijing

BASE = BasePlace("甲局停车场", 40.0, 110.0, 150.0)
START = beijing(20, 9)


@dataclass(frozen=True)
class Reason:
    kind: str
    start: datetime
    end: datetime
    source_id: UUID


def run_of(pair_m: list[int], every_s: int = 60) -> Leg:
    offsets = [every_s * n for n in range(len(pair_m) + 1)]
    trip = DrivenTrip(UUID(int=1), START, offsets, pair_m)
    (leg,) = explain(trip, [], [Use(7, None, None, BASE)])
    assert leg.kind is Kind.UNEXPLAINED
    return leg


def judge(
    run: Leg,
    north_m: list[float] | None = None,
    base: BasePlace | None = BASE,
    reasons: tuple[Reason, ...] = (),
) -> FindingDraft | None:
    """Judge a run whose positions lie so many metres north of the base's centre."""
    places = {
        run.trip.time(n): (BASE.latitude + metres / 111_195.0, BASE.longitude)
        for n, metres in enumerate(north_m or [])
    }
    return judge_run(run, places, base, reasons, MovedThresholds())


def codes(draft: FindingDraft | None) -> list[str]:
    assert draft is not None
    return [counter.code for counter in draft.counter_evidence]


def test_three_fast_positions_off_base_are_a_finding_with_its_figures() -> None:
    draft = judge(run_of([600, 500, 400]), [0, 600, 1100, 1500])
    assert draft is not None
    assert draft.figures["distance_m"] == 1500
    assert draft.figures["moving_positions"] == 3
    assert draft.figures["farthest_from_base_m"] == 1500
    assert draft.figures["trip_id"] == str(UUID(int=1))
    assert draft.figures["start"] == "2026-10-20T01:00:00Z"
    assert (draft.start, draft.end) == (START, START + timedelta(minutes=3))
    assert draft.subject == "2026-10-20T01:00:00Z"
    assert draft.counter_evidence == ()


def test_two_fast_positions_are_none() -> None:
    assert judge(run_of([600, 500]), [0, 600, 1100]) is None


def test_a_speed_of_exactly_the_threshold_is_not_faster() -> None:
    # 5 km/h are 500 m in six minutes.
    assert judge(run_of([500, 500, 500], every_s=360), [1000.0] * 4) is None
    assert judge(run_of([501, 501, 501], every_s=360), [1000.0] * 4) is not None


def test_driving_about_inside_the_base_is_none() -> None:
    assert judge(run_of([140, 140, 140]), [0, 140, 0, 140]) is None


@pytest.mark.parametrize(("metres", "found"), [(149.0, False), (151.0, True)])
def test_the_base_reaches_to_its_own_radius(metres: float, found: bool) -> None:
    draft = judge(run_of([600, 600, 600]), [metres] * 4)
    assert (draft is not None) is found


def test_a_small_base_reaches_as_far_as_the_rule_says() -> None:
    small = BasePlace("点", 40.0, 110.0, 10.0)
    assert judge(run_of([600, 600, 600]), [49.0] * 4, small) is None
    assert "small_margin" in codes(judge(run_of([600, 600, 600]), [51.0] * 4, small))


def test_without_a_base_movement_alone_decides_and_it_is_said() -> None:
    assert codes(judge(run_of([600, 600, 600]), [0.0] * 4, None)) == ["no_base"]


def test_without_places_movement_alone_decides_and_it_is_said() -> None:
    assert codes(judge(run_of([600, 600, 600]))) == ["no_places"]


def test_silences_are_counter_evidence() -> None:
    draft = judge(run_of([2000, 2000, 2000], every_s=300), [3000.0] * 4)
    assert codes(draft) == ["gaps"]


def test_an_order_that_ended_shortly_before_is_said() -> None:
    ended = Reason(
        "ordered", START - timedelta(hours=2), START - timedelta(minutes=12), UUID(int=9)
    )
    begins = Reason("filed", START + timedelta(minutes=20), START + timedelta(hours=9), UUID(int=8))
    draft = judge(run_of([600, 600, 600]), [3000.0] * 4, reasons=(ended, begins))
    assert codes(draft) == ["near_before", "near_after"]
    assert draft is not None
    assert "12 分钟" in draft.counter_evidence[0].sentence
    long_ago = Reason("ordered", START - timedelta(days=2), START - timedelta(days=1), UUID(int=9))
    assert codes(judge(run_of([600, 600, 600]), [3000.0] * 4, reasons=(long_ago,))) == []


@pytest.mark.parametrize(
    "wrong", [{"from_base_m": 0}, {"moving_kmh": -1}, {"moving_positions": 0}, {"near_s": -1}]
)
def test_thresholds_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        MovedThresholds(**wrong)  # type: ignore[arg-type]
