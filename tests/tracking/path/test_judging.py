"""Many are judged as each is judged."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.tracking.conftest import NOW
from tests.tracking.received import position
from tracking.path.columns import UNKNOWN, us_of
from tracking.path.judgement import JudgementRules, Reason, Region
from tracking.path.judging import judge
from tracking.path.positions import Position, judged

RULES = JudgementRules(
    future_after=timedelta(minutes=10),
    stale_after=timedelta(days=366),
    region=Region(south=18, west=73, north=54, east=135.1),
)
ages_s = (
    st.integers(-1200, 1200)
    | st.integers(-(10**9), 3 * 10**9)
    | st.sampled_from([-600, -601, 366 * 86_400, 366 * 86_400 + 1])
)
degrees = st.sampled_from([0.0, 90.0, -90.0, 180.0, 18.0, 135.1, 1e-6]) | st.floats(-200, 200)
sent = st.builds(
    lambda age_s, weeks, lat, lon, fixed, encrypted: replace(
        position(None if age_s is None else _at(age_s, weeks), lat=lat, lon=lon, fixed=fixed),
        encrypted=encrypted,
    ),
    st.none() | ages_s,
    st.sampled_from([0, 0, 1024, 2048]),
    degrees,
    degrees,
    st.booleans(),
    st.booleans(),
)


def _at(age_s: int, weeks: int) -> datetime:
    return NOW - timedelta(seconds=age_s) - timedelta(weeks=weeks)


@settings(deadline=None)
@given(st.lists(sent, max_size=8))
@example([position(NOW - timedelta(weeks=1024)), position(NOW, lat=float("nan"))])
@example([position(datetime(1970, 1, 1, tzinfo=UTC)), position(datetime(2099, 1, 1, tzinfo=UTC))])
def test_many_are_judged_as_each_is(many: list[Position]) -> None:
    times, reasons = _judge(many)
    one_by_one = [judged(one, NOW, RULES) for one in many]
    assert [Reason(reason) for reason in reasons.tolist()] == [one.reasons for one in one_by_one]
    assert times.tolist() == [UNKNOWN if o.time is None else us_of(o.time) for o in one_by_one]


def _judge(many: Sequence[Position]) -> tuple[np.ndarray, np.ndarray]:
    return judge(
        np.array([UNKNOWN if p.own_time is None else us_of(p.own_time) for p in many], np.int64),
        np.array([p.latitude for p in many]),
        np.array([p.longitude for p in many]),
        np.array([p.fixed for p in many], np.bool_),
        np.array([p.encrypted for p in many], np.bool_),
        np.full(len(many), us_of(NOW)),
        RULES,
    )
