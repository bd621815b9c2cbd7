"""The states of a series (周期用车) and who moves it on: one table, as for requests.

One approval is for all of its rides; from then on each is a request that moves by itself.
"""

from collections.abc import Set
from enum import StrEnum
from types import MappingProxyType

from dispatch.moves import Move, follow, legal, move
from dispatch.words import Part


class SeriesState(StrEnum):
    """Where a series stands; the words are those of requests, as far as those have them."""

    UNIT_REVIEW = "unit_review"
    SENT_BACK = "sent_back"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    ENDED = "ended"


class SeriesAction(StrEnum):
    """What a person does to a series."""

    REWRITE = "rewrite"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    END = "end"


_S, _A, _P = SeriesState, SeriesAction, Part
_REWRITE = move(_S.UNIT_REVIEW, _P.APPLICANT)
_WITHDRAW = move(_S.WITHDRAWN, _P.APPLICANT)

MOVES: MappingProxyType[SeriesState, dict[SeriesAction, Move[SeriesState]]] = MappingProxyType(
    {
        _S.UNIT_REVIEW: {
            _A.REWRITE: _REWRITE,
            _A.APPROVE: move(_S.APPROVED, _P.APPROVER),
            _A.SEND_BACK: move(_S.SENT_BACK, _P.APPROVER),
            _A.REJECT: move(_S.REJECTED, _P.APPROVER),
            _A.WITHDRAW: _WITHDRAW,
        },
        _S.SENT_BACK: {_A.REWRITE: _REWRITE, _A.WITHDRAW: _WITHDRAW},
        _S.APPROVED: {_A.END: move(_S.ENDED, _P.APPLICANT, _P.DISPATCHER)},
    }
)

NEEDS_REASON = frozenset({_A.SEND_BACK, _A.REJECT, _A.END})


def legal_actions(state: SeriesState, parts: Set[Part]) -> list[SeriesAction]:
    """Return what somebody with these parts may do to a series in this state, in table order."""
    return legal(MOVES, state, parts)


def next_state(state: SeriesState, action: SeriesAction, parts: Set[Part]) -> SeriesState:
    """Return the state after the action. Raises the errors of `moves.follow`."""
    return follow(MOVES, state, action, parts)
