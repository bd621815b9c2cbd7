"""The tables of states, as rules without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import (
    EmptyPeriod,
    OwnApproval,
    PeriodInThePast,
    PeriodTooFar,
    PeriodTooLong,
    StepNotAllowed,
    StepNotYours,
    TapBeforePreviousStep,
    TapInTheFuture,
)
from dispatch.orders import states as orders
from dispatch.orders.states import OUT, PROMISED, OrderAction, OrderState
from dispatch.requests import states as requests
from dispatch.requests.states import RequestAction, RequestState
from dispatch.words import OrderKind, Part

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

PARTS = st.frozensets(st.sampled_from(Part))


@given(st.sampled_from(RequestState), st.sampled_from(RequestAction), PARTS)
def test_request_action_is_listed_exactly_when_it_is_possible(
    state: RequestState, action: RequestAction, parts: frozenset[Part]
) -> None:
    try:
        requests.next_state(state, action, parts)
    except (StepNotAllowed, StepNotYours, OwnApproval):
        assert action not in requests.legal_actions(state, parts)
    else:
        assert action in requests.legal_actions(state, parts)


@given(st.sampled_from(OrderKind), st.sampled_from(OrderState), st.sampled_from(OrderAction), PARTS)
def test_order_action_is_listed_exactly_when_it_is_possible(
    kind: OrderKind, state: OrderState, action: OrderAction, parts: frozenset[Part]
) -> None:
    try:
        orders.next_state(kind, state, action, parts)
    except (StepNotAllowed, StepNotYours):
        assert action not in orders.legal_actions(kind, state, parts)
    else:
        assert action in orders.legal_actions(kind, state, parts)


@given(PARTS, st.sampled_from([RequestAction.APPROVE, RequestAction.REJECT]))
def test_nobody_decides_about_a_ride_of_their_own(
    parts: frozenset[Part], action: RequestAction
) -> None:
    for mine in ({Part.APPROVER, Part.APPLICANT}, {Part.RIDERS_DEPUTY}):
        with pytest.raises(OwnApproval):
            requests.next_state(RequestState.UNIT_REVIEW, action, parts | mine)


def test_no_way_leads_from_a_draft_to_dispatch_around_the_approver() -> None:
    reached, todo = {RequestState.DRAFT}, [RequestState.DRAFT]
    while todo:
        for move in requests.MOVES.get(todo.pop(), {}).values():
            if Part.APPROVER not in move.by and move.to not in reached:
                reached.add(move.to)
                todo.append(move.to)
    assert reached == {RequestState.DRAFT, RequestState.UNIT_REVIEW, RequestState.WITHDRAWN}


def test_every_state_of_an_order_is_one_of_a_request() -> None:
    assert [str(requests.shown_state(state)) for state in OrderState] == list(OrderState)


def test_every_order_that_is_out_is_promised() -> None:
    assert set(OUT) <= set(PROMISED)


@pytest.mark.parametrize("kind", list(OrderKind))
def test_every_order_can_come_to_its_one_end(kind: OrderKind) -> None:
    state, taken = OrderState.ASSIGNED, 0
    while state in orders.MOVES[kind]:
        state = next(iter(orders.MOVES[kind][state].values())).to
        taken += 1
    assert (state, taken) == (OrderState.ARCHIVED, 7 if kind is OrderKind.RIDE else 6)


@pytest.mark.parametrize(
    ("start_s", "end_s", "error"),
    [
        (0, 0, EmptyPeriod),
        (60, 0, EmptyPeriod),
        (-901, 3600, PeriodInThePast),
        (181 * 86400, 182 * 86400, PeriodTooFar),
        (0, 32 * 86400, PeriodTooLong),
    ],
)
def test_period_that_makes_no_sense_is_refused(
    start_s: int, end_s: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        requests.check_period(NOW + timedelta(seconds=start_s), NOW + timedelta(seconds=end_s), NOW)


@given(st.integers(-10_000, 10_000), st.integers(0, 10_000))
def test_time_of_a_step_lies_between_the_step_before_and_now(tapped_s: int, ago_s: int) -> None:
    tapped_at, previous = NOW + timedelta(seconds=tapped_s), NOW - timedelta(seconds=ago_s)
    try:
        at = orders.tap_time(tapped_at, previous, NOW)
    except TapInTheFuture:
        assert tapped_s > 60
    except TapBeforePreviousStep:
        assert tapped_s < -ago_s
    else:
        assert previous <= at <= NOW
        assert at == tapped_at or tapped_at > NOW
