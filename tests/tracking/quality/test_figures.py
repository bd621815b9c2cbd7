"""The figures of a terminal's day, counted by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.path.judgement import Reason
from tracking.quality.figures import COUNTS, DayOfPositions, QualityRules, figures_of_day, share

RULES = QualityRules()
MORNING_S = 1_750_000_000


def day(
    offsets_s: list[int],
    north_m: list[float] | None = None,
    speed_kmh: list[float] | None = None,
    reasons: list[int] | None = None,
    late_s: list[float] | None = None,
    backfilled: list[bool] | None = None,
    repeats: int = 0,
) -> DayOfPositions:
    n = len(offsets_s)
    return DayOfPositions(
        time_s=np.array([MORNING_S + s if s >= 0 else -1 for s in offsets_s], np.int64),
        late_s=np.array(late_s or [1.0] * n),
        lat=45 + np.array(north_m or [0.0] * n) / 111_195,
        lon=np.full(n, 126.0),
        speed_kmh=np.array(speed_kmh or [40.0] * n),
        reasons=np.array(reasons or [0] * n, np.int64),
        backfilled=np.array(backfilled or [False] * n, np.bool_),
        repeats=repeats,
    )


def test_a_silent_day_has_nothing_of_everything() -> None:
    figures = figures_of_day(day([]), RULES)
    assert {getattr(figures, name) for name in COUNTS} == {0}
    assert figures.interval_s is None
    assert figures.clock_offset_s is None
    assert share(figures.moving, figures.moving + figures.missing) is None


def test_time_on_line_is_without_the_long_silences() -> None:
    figures = figures_of_day(day([0, 100, 700, 1301, 1400]), RULES)
    assert figures.online_s == 100 + 600 + 99


def test_positions_that_should_have_come_on_the_way_are_missing() -> None:
    # Every 10 s but for a hole of 40 s, in which three more should lie.
    figures = figures_of_day(day([0, 10, 20, 60, 70, 80]), RULES)
    assert (figures.interval_s, figures.moving, figures.missing) == (10, 5, 3)


def test_a_parked_terminal_may_report_as_seldom_as_it_likes() -> None:
    figures = figures_of_day(
        day([0, 300, 600, 610, 620, 630], speed_kmh=[0, 0, 0, 30, 30, 30]), RULES
    )
    assert (figures.interval_s, figures.missing) == (10, 0)


def test_drift_is_a_step_of_a_standing_vehicle() -> None:
    north_m = [0.0, 10.0, 90.0, 95.0, 400.0]
    figures = figures_of_day(
        day([0, 60, 120, 180, 240], north_m, speed_kmh=[0, 0, 3, 0, 60]), RULES
    )
    assert (figures.parked, figures.drifting) == (3, 1)


def test_an_impossible_step_is_a_jump() -> None:
    figures = figures_of_day(day([0, 10, 20], [0.0, 5_000.0, 5_100.0]), RULES)
    assert figures.jumps == 1


def test_each_reason_is_counted_and_a_repair_is_no_doubt() -> None:
    reasons = [0, int(Reason.NO_FIX | Reason.STALE), int(Reason.ROLLOVER_REPAIRED), 1]
    figures = figures_of_day(day([0, -1, 20, 30], reasons=reasons, repeats=5), RULES)
    assert (figures.positions, figures.doubtful, figures.repeats) == (4, 2, 5)
    assert (figures.no_fix, figures.stale, figures.rollover_repaired) == (2, 1, 1)


def test_the_clock_is_judged_by_what_was_sent_at_once() -> None:
    figures = figures_of_day(
        day(
            [0, 10, 20, 30, 40],
            late_s=[61.0, 62.0, 63.0, 9_000.0, float("nan")],
            backfilled=[False, False, False, True, False],
        ),
        RULES,
    )
    assert figures.backfilled == 1
    assert figures.clock_offset_s == 62


@given(st.lists(st.tuples(st.integers(0, 86_399), st.integers(0, 511), st.integers(-1, 120))))
def test_counts_stay_within_their_wholes(sent: list[tuple[int, int, int]]) -> None:
    sent.sort()
    figures = figures_of_day(
        day(
            [offset for offset, _, _ in sent],
            speed_kmh=[float(speed) for _, _, speed in sent],
            reasons=[reasons for _, reasons, _ in sent],
        ),
        RULES,
    )
    assert 0 <= figures.doubtful <= figures.positions == len(sent)
    assert 0 <= figures.drifting <= figures.parked
    assert 0 <= figures.online_s <= 86_400
    assert figures.missing >= 0


@pytest.mark.parametrize("wrong", [{"offline_s": 0}, {"late_factor": 1.0}, {"slow_kmh": 300.0}])
def test_rules_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"must|need"):
        QualityRules(**wrong)  # type: ignore[arg-type]
