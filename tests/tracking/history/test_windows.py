"""Windows cover what is asked once, in order, and stay few."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.history.windows import LONGEST, back_from, on_from, through

AGO = datetime(1900, 1, 1, tzinfo=UTC)
instants = st.timedeltas(timedelta(0), timedelta(days=109_000)).map(lambda since: AGO + since)


@given(instants, instants, instants, instants)
def test_windows_join_and_cover_the_period(
    one: datetime, other: datetime, first: datetime, last: datetime
) -> None:
    start, end = sorted((one, other))
    for history in (None, (min(first, last), max(first, last))):
        windows = list(through(start, end, history))
        edges = [since for since, _ in windows]
        assert edges + [end] * bool(windows) == [start] * bool(windows) + [u for _, u in windows]
        assert bool(windows) == (start < end)
        assert all(since < until for since, until in windows)


@given(instants, st.timedeltas(timedelta(0), timedelta(days=3_000)))
def test_back_and_on_mirror_each_other(at: datetime, length: timedelta) -> None:
    if at - length < AGO:
        return
    back = [(at - u, at - s) for s, u in back_from(at, at - length)]
    on = [(s - at, u - at) for s, u in on_from(at, at + length)]
    assert back == on


@pytest.mark.parametrize(("years", "most"), [(0.001, 3), (1, 15), (3, 32)])
def test_years_of_silence_are_few_windows_none_too_long(years: float, most: int) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    windows = list(back_from(at, at - timedelta(days=365 * years)))
    assert len(windows) <= most
    assert max(until - since for since, until in windows) <= LONGEST
