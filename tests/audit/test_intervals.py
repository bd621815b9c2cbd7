"""Sets of instants, held against a set of seconds."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from audit.intervals import Interval, clipped, seconds, union, without

ORIGIN = datetime(2026, 10, 31, 14, tzinfo=UTC)


def at(second: int) -> datetime:
    return ORIGIN + timedelta(seconds=second)


intervals = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda p: (at(p[0]), at(p[1]))),
    max_size=6,
)


def as_set(spans: list[Interval]) -> set[int]:
    return {s for start, end in spans for s in range(61) if start <= at(s) < end}


@given(intervals, intervals)
def test_union_difference_and_clip_are_those_of_sets(
    some: list[Interval], others: list[Interval]
) -> None:
    window = at(10), at(40)
    assert as_set(union(some)) == as_set(some)
    assert as_set(without(some, others)) == as_set(some) - as_set(others)
    assert as_set(clipped(some, window)) == as_set(some) & set(range(10, 40))
    for result in (union(some), without(some, others), clipped(some, window)):
        assert seconds(result) == len(as_set(result))
        assert all(a[1] < b[0] for a, b in pairwise(result))
