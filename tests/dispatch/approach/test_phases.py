"""When a vehicle may be seen coming, and what is told of its arrival: pure rules."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.approach.phases import (
    SHOWN,
    ApproachPhase,
    ApproachRules,
    Run,
    arrival_at,
    is_stale,
    lateness_s,
    phase_of,
    window_start,
)
from dispatch.orders.states import OrderState
from dispatch.sightings import Sight

RULES = ApproachRules()
PROMISED = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
PICK_UP = (40.05, 110.05)
FAR, NEAR, BESIDE = (40.10, 110.05), (40.0505, 110.05), (40.0520, 110.05)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def run(state: OrderState, departed: float | None = None) -> Run:
    """An order of two hours from the promised pick-up; times in minutes from that."""
    departed_at = None if departed is None else PROMISED + minutes(departed)
    return Run(state, departed_at, PROMISED, PROMISED + minutes(120), PICK_UP)


def seen(at: tuple[float, float], n: float) -> Sight:
    return Sight(at, PROMISED + minutes(n))


def test_a_vehicle_is_seen_from_half_an_hour_before_the_promised_pick_up() -> None:
    waiting = run(OrderState.ACCEPTED)
    assert window_start(waiting, PROMISED - minutes(30.1), RULES) is None
    assert window_start(waiting, PROMISED - minutes(30), RULES) == PROMISED - minutes(30)


def test_a_vehicle_that_departed_earlier_is_seen_from_its_departure() -> None:
    early = run(OrderState.DEPARTED, departed=-50)
    assert window_start(early, PROMISED - minutes(45), RULES) == PROMISED - minutes(50)


def test_a_vehicle_that_never_departed_is_seen_no_more_when_its_order_has_ended() -> None:
    assert window_start(run(OrderState.ASSIGNED), PROMISED + minutes(120), RULES) is None


@pytest.mark.parametrize(
    ("state", "departed", "at", "been_there", "phase"),
    [
        (OrderState.ASSIGNED, None, FAR, False, ApproachPhase.APPROACHING),
        (OrderState.DEPARTED, -10, FAR, False, ApproachPhase.APPROACHING),
        (OrderState.DEPARTED, -10, NEAR, False, ApproachPhase.HERE),
        (OrderState.DEPARTED, -10, BESIDE, False, ApproachPhase.APPROACHING),
        (OrderState.DEPARTED, -10, BESIDE, True, ApproachPhase.HERE),
        (OrderState.DEPARTED, -10, FAR, True, ApproachPhase.UNDER_WAY),
        (OrderState.ARRIVED, -10, NEAR, True, ApproachPhase.UNDER_WAY),
        (OrderState.RETURNED, -10, NEAR, True, ApproachPhase.OVER),
        (OrderState.CANCELLED, None, NEAR, False, ApproachPhase.OVER),
    ],
)
def test_a_phase_follows_the_order_and_the_way_to_the_pick_up(
    state: OrderState,
    departed: float | None,
    at: tuple[float, float],
    been_there: bool,
    phase: ApproachPhase,
) -> None:
    told = phase_of(
        run(state, departed), PROMISED, seen(at, -1), been_there=been_there, rules=RULES
    )
    assert told is phase


@given(
    state=st.sampled_from(OrderState),
    at_min=st.integers(-300, 300),
    place=st.sampled_from([FAR, BESIDE, NEAR, None]),
    been_there=st.booleans(),
)
def test_no_position_is_shown_outside_the_window(
    state: OrderState, at_min: int, place: tuple[float, float] | None, been_there: bool
) -> None:
    now = PROMISED + minutes(at_min)
    departed = -40.0 if state is OrderState.DEPARTED else None
    sight = None if place is None else Sight(place, now)
    asked = run(state, departed)
    phase = phase_of(asked, now, sight, been_there=been_there, rules=RULES)
    if phase in SHOWN:
        assert window_start(asked, now, RULES) is not None


def test_a_vehicle_on_its_way_arrives_so_long_after_it_was_seen() -> None:
    departed = run(OrderState.DEPARTED, departed=-20)
    now = PROMISED - minutes(9)
    assert arrival_at(departed, seen(FAR, -10), 600, now) == PROMISED
    assert arrival_at(departed, seen(FAR, -10), 30, now) == now


def test_a_vehicle_that_has_not_departed_is_expected_at_the_promised_time() -> None:
    waiting = run(OrderState.ACCEPTED)
    assert arrival_at(waiting, seen(FAR, -20), 300, PROMISED - minutes(20)) == PROMISED
    assert arrival_at(waiting, seen(FAR, -2), 300, PROMISED - minutes(2)) == PROMISED + minutes(3)


def test_late_is_told_by_the_arrival_and_without_one_by_the_clock() -> None:
    departed = run(OrderState.DEPARTED, departed=-20)
    assert lateness_s(departed, PROMISED + minutes(1), PROMISED, RULES) is None
    assert lateness_s(departed, PROMISED + minutes(7), PROMISED, RULES) == 420
    assert lateness_s(departed, None, PROMISED + minutes(5), RULES) == 300


def test_a_position_is_stale_after_three_minutes() -> None:
    assert not is_stale(seen(FAR, -3), PROMISED, RULES)
    assert is_stale(seen(FAR, -3.1), PROMISED, RULES)


def test_rules_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="here_m"):
        ApproachRules(here_m=500, left_m=300)
    with pytest.raises(ValueError, match="at least 0"):
        ApproachRules(stale_s=-1)
