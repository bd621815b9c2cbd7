"""The states of a request (用车申请) and who moves it on.

One table says everything: in this state, this action, by these parts, leads to that state. What
is not in the table cannot be done, so no step can be skipped. Once a vehicle is assigned the
request takes no step of its own: it shows the state of its order (`shown_state`).
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy.dialects.postgresql import Range

from dispatch.errors import (
    EmptyPeriod,
    PeriodInThePast,
    PeriodTooFar,
    PeriodTooLong,
)
from dispatch.moves import Move, follow, legal, move
from dispatch.orders.states import REQUEUES, OrderAction, OrderState
from dispatch.words import Part


class RequestState(StrEnum):
    """Where a request stands; after assignment the words are those of `OrderState`."""

    DRAFT = "draft"
    UNIT_REVIEW = "unit_review"
    SENT_BACK = "sent_back"
    REJECTED = "rejected"
    AWAITING_DISPATCH = "awaiting_dispatch"
    WITHDRAWN = "withdrawn"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    RETURNING = "returning"
    RETURNED = "returned"
    CONFIRMING = "confirming"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


class RequestAction(StrEnum):
    """What a person does to a request."""

    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    ASSIGN = "assign"
    CANCEL = "cancel"


_S, _A, _P = RequestState, RequestAction, Part
_WITHDRAW = move(_S.WITHDRAWN, _P.APPLICANT)
_CANCEL = move(_S.CANCELLED, _P.APPLICANT, _P.DISPATCHER)

MOVES: MappingProxyType[RequestState, dict[RequestAction, Move[RequestState]]] = MappingProxyType(
    {
        _S.DRAFT: {
            _A.SUBMIT: move(_S.UNIT_REVIEW, _P.APPLICANT),
            _A.WITHDRAW: _WITHDRAW,
        },
        _S.UNIT_REVIEW: {
            _A.APPROVE: move(_S.AWAITING_DISPATCH, _P.APPROVER),
            _A.SEND_BACK: move(_S.SENT_BACK, _P.APPROVER),
            _A.REJECT: move(_S.REJECTED, _P.APPROVER),
            _A.WITHDRAW: _WITHDRAW,
        },
        _S.SENT_BACK: {
            _A.SUBMIT: move(_S.UNIT_REVIEW, _P.APPLICANT),
            _A.WITHDRAW: _WITHDRAW,
        },
        _S.AWAITING_DISPATCH: {
            _A.ASSIGN: move(_S.ASSIGNED, _P.DISPATCHER),
            _A.SEND_BACK: move(_S.SENT_BACK, _P.DISPATCHER),
            _A.WITHDRAW: _WITHDRAW,
        },
        _S.ASSIGNED: {_A.CANCEL: _CANCEL},
        _S.ACCEPTED: {_A.CANCEL: _CANCEL},
    }
)

NEEDS_REASON = frozenset({_A.SEND_BACK, _A.REJECT, _A.CANCEL})
# A mission's ride is submitted and decided about with the whole mission, never by itself.
OF_WHOLE_MISSION = frozenset({_A.SUBMIT, _A.APPROVE, _A.SEND_BACK, _A.REJECT})
# The ride is not made any more, or was: nothing follows.
OVER = frozenset({_S.REJECTED, _S.WITHDRAWN, _S.ARCHIVED, _S.CANCELLED, _S.INTERRUPTED})
# No order serves it yet, or none any more.
WITHOUT_ORDER = frozenset({_S.DRAFT, _S.UNIT_REVIEW, _S.SENT_BACK, _S.AWAITING_DISPATCH})


def legal_actions(state: RequestState, parts: Set[Part]) -> list[RequestAction]:
    """Return what somebody with these parts may do to a request in this state, in table order."""
    return legal(MOVES, state, parts)


def next_state(state: RequestState, action: RequestAction, parts: Set[Part]) -> RequestState:
    """Return the state after the action. Raises the errors of `moves.follow`."""
    return follow(MOVES, state, action, parts)


def shown_state(order: OrderState) -> RequestState:
    """Return the state of a request whose order is in this state."""
    return RequestState(order.value)


def state_after(action: OrderAction, to: OrderState) -> RequestState:
    """Return the state of a request after a step that led its order to this state."""
    return RequestState.AWAITING_DISPATCH if action in REQUEUES else shown_state(to)


def booked_period(asked: Range[datetime], now: datetime) -> Range[datetime]:
    """Return the period to book for a request: the one asked for, or as long from now on.

    A ride that broke down, or was approved late, may be dispatched after its end; a period that
    has passed would protect nothing.
    """
    if asked.lower is None or asked.upper is None or asked.upper > now:
        return asked
    return Range(now, now + (asked.upper - asked.lower), bounds="[)")


@dataclass(frozen=True, slots=True)
class PeriodLimits:
    """What period may be asked for. A start may lie a little back: forms are filled slowly."""

    back_s: int = 900
    ahead_days: int = 180
    longest_days: int = 31

    def __post_init__(self) -> None:
        if min(self.back_s, self.ahead_days, self.longest_days) < 1:
            raise ValueError("every limit of a period must be positive")


def check_period(
    start: datetime, end: datetime, now: datetime, limits: PeriodLimits = PeriodLimits()
) -> None:
    """Refuse a period that is empty, in the past, too far ahead or too long.

    Raises EmptyPeriod, PeriodInThePast, PeriodTooFar or PeriodTooLong.
    """
    if end <= start:
        raise EmptyPeriod
    if start < now - timedelta(seconds=limits.back_s):
        raise PeriodInThePast(f"The earliest start is now: {now.isoformat(timespec='seconds')}.")
    if start > now + timedelta(days=limits.ahead_days):
        raise PeriodTooFar(f"The start may lie at most {limits.ahead_days} days ahead.")
    check_length(start, end, limits)


def check_length(start: datetime, end: datetime, limits: PeriodLimits = PeriodLimits()) -> None:
    """Refuse a period that is too long for one request. Raises PeriodTooLong."""
    if end - start > timedelta(days=limits.longest_days):
        raise PeriodTooLong(f"One request may last at most {limits.longest_days} days.")
