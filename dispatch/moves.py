"""What a table of states is made of: an action leads somewhere, for those who may take it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from dispatch.words import Part

State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Move(Generic[State]):
    """Where an action leads, and which parts may take it."""

    to: State
    by: frozenset[Part]


def move(to: State, *by: Part) -> Move[State]:
    """Return the move to a state that these parts may make."""
    return Move(to, frozenset(by))
