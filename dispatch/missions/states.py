"""The states of a mission (保障任务) and who moves it on: one table, as for requests.

One approval is for all of its rides. Whoever wrote the mission, runs it or rides in it doesn't
give it.
"""

from collections.abc import Set
from dataclasses import dataclass
from enum import Enum, StrEnum
from types import MappingProxyType

from dispatch.errors import OwnApproval, StepNotAllowed, StepNotYours


class MissionState(StrEnum):
    """Where a mission stands; the words are those of requests."""

    DRAFT = "draft"
    UNIT_REVIEW = "unit_review"
    SENT_BACK = "sent_back"
    REJECTED = "rejected"
    AWAITING_DISPATCH = "awaiting_dispatch"
    ASSIGNED = "assigned"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class MissionAction(StrEnum):
    """What a person does to a mission."""

    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    REJECT = "reject"
    CANCEL = "cancel"
    ARCHIVE = "archive"


class Doer(Enum):
    """What somebody is to one mission."""

    RUNNER = "runner"
    APPROVER = "approver"
    CONCERNED = "concerned"


@dataclass(frozen=True, slots=True)
class Move:
    """Where an action leads, and who may take it."""

    to: MissionState
    by: Doer


_S, _A = MissionState, MissionAction
_SUBMIT, _CANCEL = Move(_S.UNIT_REVIEW, Doer.RUNNER), Move(_S.CANCELLED, Doer.RUNNER)

MOVES: MappingProxyType[MissionState, dict[MissionAction, Move]] = MappingProxyType(
    {
        _S.DRAFT: {_A.SUBMIT: _SUBMIT, _A.CANCEL: _CANCEL},
        _S.UNIT_REVIEW: {
            _A.APPROVE: Move(_S.AWAITING_DISPATCH, Doer.APPROVER),
            _A.SEND_BACK: Move(_S.SENT_BACK, Doer.APPROVER),
            _A.REJECT: Move(_S.REJECTED, Doer.APPROVER),
            _A.CANCEL: _CANCEL,
        },
        _S.SENT_BACK: {_A.SUBMIT: _SUBMIT, _A.CANCEL: _CANCEL},
        _S.AWAITING_DISPATCH: {_A.CANCEL: _CANCEL},
        _S.ASSIGNED: {_A.CANCEL: _CANCEL, _A.ARCHIVE: Move(_S.ARCHIVED, Doer.RUNNER)},
    }
)

NEEDS_REASON = frozenset({_A.SEND_BACK, _A.REJECT, _A.CANCEL})
# What is still written, and so may be written anew.
WRITTEN = frozenset({_S.DRAFT, _S.SENT_BACK})
# Approved: vehicles are chosen, sent and replaced.
RUNNING = frozenset({_S.AWAITING_DISPATCH, _S.ASSIGNED})


def legal_actions(state: MissionState, doers: Set[Doer]) -> list[MissionAction]:
    """Return what somebody may do to a mission in this state, in table order."""
    return [
        action
        for action, move in MOVES.get(state, {}).items()
        if move.by in doers and not _is_own_approval(move, doers)
    ]


def next_state(state: MissionState, action: MissionAction, doers: Set[Doer]) -> MissionState:
    """Return the state after the action. Raises StepNotAllowed, OwnApproval, StepNotYours."""
    move = MOVES.get(state, {}).get(action)
    if move is None:
        legal = [str(a) for a in legal_actions(state, doers)]
        raise StepNotAllowed(state=state, action=action, actions=legal)
    if _is_own_approval(move, doers):
        raise OwnApproval
    if move.by not in doers:
        raise StepNotYours(state=state, action=action)
    return move.to


def _is_own_approval(move: Move, doers: Set[Doer]) -> bool:
    return move.by is Doer.APPROVER and Doer.CONCERNED in doers
