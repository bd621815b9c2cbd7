"""Driven time belongs to an order as far as the order explains it, and nowhere else."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dispatch.board.spans import Span, driven_on, ordered_span

DAY = datetime(2026, 11, 23, tzinfo=UTC)


def span(start_h: float, end_h: float | None) -> Span:
    end = None if end_h is None else DAY + timedelta(hours=end_h)
    return Span(DAY + timedelta(hours=start_h), end)


def test_an_order_explains_its_plan_until_it_departs_and_then_what_is_driven() -> None:
    planned = span(8, 10)
    assert ordered_span(planned, None, None) == planned
    left = DAY + timedelta(hours=8.25)
    assert ordered_span(planned, left, None) == span(8.25, None)
    assert ordered_span(planned, left, DAY + timedelta(hours=11)) == span(8.25, 11)


def test_a_trip_apart_from_orders_is_left_out_and_one_that_reaches_over_is_cut() -> None:
    trips = [span(6, 7), span(7.5, 8.5), span(9, 12), span(13, 14)]
    assert driven_on([span(8, 10)], trips) == [span(8, 8.5), span(9, 10)]
    assert driven_on([span(13.5, None)], trips) == [span(13.5, 14)]
    # One order ends where the next begins: an instant is no time in common.
    assert driven_on([span(7, 7.5)], trips) == []


_HOURS = st.tuples(st.integers(0, 40), st.integers(1, 9)).map(lambda h: span(h[0], h[0] + h[1]))


@given(st.lists(_HOURS, max_size=5), st.lists(_HOURS, max_size=5))
def test_nothing_is_told_outside_an_order_or_outside_a_trip(
    orders: list[Span], trips: list[Span]
) -> None:
    for part in driven_on(orders, trips):
        assert part.end is not None
        for among in (orders, trips):
            assert any(o.start <= part.start and part.end <= (o.end or part.end) for o in among)
