"""Forecasts of lateness, as rules without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.orders.states import OrderState
from dispatch.rolling.lateness import (
    Following,
    RollingRules,
    Threshold,
    Underway,
    figures_of,
    warned_of,
)
from dispatch.rolling.words import WarningKind

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
RULES = RollingRules()


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def on(order: Underway) -> set[str]:
    return {str(kind) for kind in warned_of(figures_of(order, NOW, RULES), frozenset(), RULES)}


def test_vehicle_that_cannot_be_there_in_time_is_warned_of_before_it_is_late() -> None:
    coming = Underway(OrderState.DEPARTED, after(10), after(120), NOW, to_pickup_s=15 * 60)
    assert on(coming) == {"late_pickup"}
    assert figures_of(coming, NOW, RULES)[WarningKind.LATE_PICKUP] == 300
    nearer = Underway(OrderState.DEPARTED, after(10), after(120), NOW, to_pickup_s=9 * 60)
    assert on(nearer) == set()


def test_vehicle_that_should_have_left_by_now_is_warned_of() -> None:
    for state in (OrderState.ASSIGNED, OrderState.ACCEPTED):
        far = Underway(state, after(10), after(120), NOW, to_pickup_s=11 * 60)
        assert on(far) == {"not_departed"}
        near = Underway(state, after(10), after(120), NOW, to_pickup_s=5 * 60)
        assert on(near) == set()


def test_passenger_aboard_is_no_longer_waited_for() -> None:
    away = Underway(OrderState.DEPARTED, after(-20), after(120), NOW, been_there=True, to_end_s=600)
    assert on(away) == set()


def test_ride_that_ends_after_its_promise_endangers_the_next_one() -> None:
    late = Underway(
        OrderState.ARRIVED,
        after(-60),
        after(10),
        NOW,
        to_end_s=20 * 60,
        following=Following(after(25), reach_s=10 * 60),
    )
    assert on(late) == {"late_end", "next_endangered"}
    figures = figures_of(late, NOW, RULES)
    assert figures[WarningKind.LATE_END] == 600
    assert figures[WarningKind.NEXT_ENDANGERED] == 300


def test_next_ride_too_far_from_the_planned_end_is_endangered_before_the_first_one_leaves() -> None:
    planned = Underway(
        OrderState.ACCEPTED,
        after(30),
        after(90),
        NOW,
        to_pickup_s=60,
        rest_s=1200,
        following=Following(after(95), reach_s=20 * 60),
    )
    assert on(planned) == {"next_endangered"}


def test_silence_is_told_and_forecasts_nothing() -> None:
    silent = Underway(
        OrderState.DEPARTED, after(-30), after(60), after(-11), to_pickup_s=9999, rest_s=9999
    )
    assert on(silent) == {"position_silent"}
    assert on(Underway(OrderState.DEPARTED, after(-30), after(60))) == {"position_silent"}
    assert on(Underway(OrderState.ACCEPTED, after(30), after(60))) == set()


@given(st.lists(st.floats(60.5, 179.5), min_size=1, max_size=30), st.booleans())
def test_warning_does_not_flicker_between_its_two_figures(figures: list[float], was: bool) -> None:
    kinds = frozenset({WarningKind.LATE_PICKUP}) if was else frozenset()
    for figure_s in figures:
        kinds = warned_of({WarningKind.LATE_PICKUP: figure_s}, kinds, RULES)
        assert (WarningKind.LATE_PICKUP in kinds) == was


def test_threshold_that_goes_off_above_where_it_comes_on_is_refused() -> None:
    with pytest.raises(ValueError, match="must not go off"):
        Threshold(60, 61)
