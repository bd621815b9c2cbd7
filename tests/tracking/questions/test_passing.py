"""Passes are those that looking at everything one by one would find."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.questions.oracle import Sample, passes_of
from tracking.questions.passing import PassingRules, Place, passings

RULES = PassingRules(gap_s=60, length_m=1000, apart_s=600)
PLACE = Place(40.05, 110.05, 200.0)
EVER = (-1e12, 1e12)
M = 1 / 111_195  # degrees of latitude in a metre


def found(
    samples: list[Sample], period_s: tuple[float, float] = EVER, place: Place = PLACE
) -> list[tuple[int, int, int, float]]:
    columns = [np.array(c) for c in zip(*samples, strict=True)] or [np.array([])] * 3
    passes = passings(
        place,
        columns[0].astype(np.int64),
        columns[1].astype(float),
        columns[2].astype(float),
        period_s,
        EVER,
        RULES,
    )
    return [(p.first_s, p.last_s, p.positions, round(p.nearest_m, 3)) for p in passes]


def expected(
    samples: list[Sample], period_s: tuple[float, float] = EVER, place: Place = PLACE
) -> list[tuple[int, int, int, float]]:
    passes = passes_of(place, samples, period_s, RULES)
    return [(p.first_s, p.last_s, p.positions, round(p.nearest_m, 3)) for p in passes]


def at(time_s: int, north_m: float, east_m: float = 0.0, place: Place = PLACE) -> Sample:
    narrow = np.cos(np.radians(place.latitude))
    return time_s, place.latitude + north_m * M, place.longitude + east_m * M / narrow


@st.composite
def walks(draw: st.DrawFn) -> tuple[Place, list[Sample]]:
    """A walk that crosses a place's surroundings, anywhere but at the poles."""
    place = Place(
        draw(st.floats(-70, 70)), draw(st.sampled_from([110.05, 179.9999, -180.0])), 200.0
    )
    time_s, samples = 0, []
    for _ in range(draw(st.integers(0, 25))):
        time_s += draw(st.sampled_from([0, 1, 10, 30, 60, 61, 300, 599, 601, 4000]))
        north, east = draw(st.integers(-900, 900)), draw(st.integers(-900, 900))
        sample = at(time_s, north, east, place)
        samples.append((sample[0], sample[1], (sample[2] + 180) % 360 - 180))
    return place, samples


@given(walks(), st.integers(0, 3000), st.integers(0, 6000))
def test_passes_are_those_of_the_oracle(
    walk: tuple[Place, list[Sample]], start: int, length: int
) -> None:
    place, samples = walk
    period = (float(start), float(start + length))
    assert found(samples, period, place) == expected(samples, period, place)
    assert found(samples, EVER, place) == expected(samples, EVER, place)


def test_who_passes_between_two_positions_has_passed() -> None:
    assert found([at(0, -300), at(30, 300)]) == [(0, 30, 0, 0.0)]
    assert found([at(0, -300, 150), at(30, 300, 150)])[0][3] == pytest.approx(150, abs=0.1)


@pytest.mark.parametrize(
    ("samples", "why"),
    [
        ([at(0, -300), at(61, 300)], "too long a silence"),
        ([at(0, -501), at(30, 501)], "too far apart"),
        ([at(0, -300, 201), at(30, 300, 201)], "beside the circle"),
        ([at(0, 300), at(30, 600)], "away from it"),
    ],
)
def test_a_line_that_says_too_little_does_not_count(samples: list[Sample], why: str) -> None:
    assert found(samples) == [], why


def test_positions_within_say_when_better_than_lines() -> None:
    samples = [at(0, -300), at(30, 0), at(60, 400)]
    assert found(samples) == [(30, 30, 1, 0.0)]


def test_both_ends_of_a_line_lie_in_the_asked_period() -> None:
    samples = [at(0, -300), at(30, 300)]
    assert found(samples, (0, 30)) == [(0, 30, 0, 0.0)]
    assert found(samples, (1, 30)) == []
    assert found(samples, (0, 29)) == []


def test_who_stays_away_for_long_enough_passes_anew() -> None:
    samples = [at(0, 0), at(600, 0), at(1201, 0)]
    assert [(p[0], p[1]) for p in found(samples)] == [(0, 600), (1201, 1201)]


def test_a_day_counts_what_begins_in_it() -> None:
    samples = [at(n * 30, -300 + 600 * (n % 2)) for n in range(6)]
    columns = [np.array(c) for c in zip(*samples, strict=True)]
    halves = [
        passings(PLACE, columns[0], columns[1], columns[2], EVER, counted, RULES)
        for counted in ((0, 60), (60, 1000))
    ]
    assert [[(p.first_s, p.last_s) for p in half] for half in halves] == [[(0, 60)], [(60, 150)]]


@pytest.mark.parametrize("wrong", [{"gap_s": 300}, {"gap_s": 0}, {"length_m": 0}])
def test_rules_that_contradict_themselves_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"need|positive"):
        PassingRules(**wrong)  # type: ignore[arg-type]
