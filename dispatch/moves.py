"""What a table of states is made of: an action leads somewhere, for those who may take it."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from dispatch.errors import OwnApproval, StepNotAllowed, StepNotYours
from dispatch.words import Part

State = TypeVar("State", bound=StrEnum)
Action = TypeVar("Action", bound=StrEnum)

_RIDING = frozenset({Part.APPLICANT, Part.PASSENGER, Part.RIDERS_DEPUTY})


@dataclass(frozen=True, slots=True)
class Move(Generic[State]):
    """Where an action leads, and which parts may take it."""

    to: State
    by: frozenset[Part]


def move(to: State, *by: Part) -> Move[State]:
    """Return the move to a state that these parts may make."""
    return Move(to, frozenset(by))


Moves = Mapping[State, Mapping[Action, Move[State]]]
"""In which state which action leads where."""


def legal(moves: Moves[State, Action], state: State, parts: Set[Part]) -> list[Action]:
    """Return what somebody with these parts may do in a state, in table order."""
    return [
        action
        for action, one in moves.get(state, {}).items()
        if one.by & parts and not _is_own_approval(one, parts)
    ]


def follow(moves: Moves[State, Action], state: State, action: Action, parts: Set[Part]) -> State:
    """Return the state after the action.

    Raises StepNotAllowed when the state has no such action, OwnApproval when an approval meets
    the applicant, the passenger or their deputy, StepNotYours when the action is somebody else's.
    """
    one = moves.get(state, {}).get(action)
    if one is None:
        allowed = [str(a) for a in legal(moves, state, parts)]
        raise StepNotAllowed(state=state, action=action, actions=allowed)
    if _is_own_approval(one, parts):
        raise OwnApproval
    if not one.by & parts:
        raise StepNotYours(state=state, action=action)
    return one.to


def _is_own_approval(one: Move[State], parts: Set[Part]) -> bool:
    """Whether an approver would decide about a ride of their own, or their giver's in its stead."""
    return Part.APPROVER in one.by and bool(parts & _RIDING)
