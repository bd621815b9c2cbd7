"""Which of several levels' values is in force: the pure rule of inheritance.

A level may say otherwise only where every level above it that has spoken left the rule open. What
was said below a level that later closed it stays in the register and is without effect.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fleet.rules.known import KnownRule, T


@dataclass(frozen=True, slots=True)
class Said:
    """What one organisation has said; `version` counts its own values of one rule from 1."""

    organisation_no: int
    version: int
    value: object
    open_below: bool


@dataclass(frozen=True, slots=True)
class Resolved:
    """The value in force; from nobody and of version 0 where nobody has spoken.

    open_below: whether the levels below may say otherwise
    """

    value: object
    organisation_no: int | None
    version: int
    open_below: bool


def resolve(rule: KnownRule[T], levels: Iterable[Said | None]) -> Resolved:
    """Return what is in force at the last of `levels`, which come from the root downwards.

    A level that has said nothing stands as None. The root itself may always speak.
    """
    found = Resolved(rule.default, None, 0, open_below=True)
    for depth, said in enumerate(levels):
        if said is not None and found.open_below:
            value = rule.combine(rule.read(found.value), rule.read(said.value))
            found = Resolved(value, said.organisation_no, said.version, said.open_below)
        elif depth == 0:
            found = Resolved(rule.default, None, 0, rule.open_below)
    return found


def may_speak(rule: KnownRule[T], above: Sequence[Said | None]) -> bool:
    """Return whether the levels above, from the root downwards, leave the next one a choice."""
    return not above or resolve(rule, above).open_below
