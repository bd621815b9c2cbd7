"""Turn restrictions as OpenStreetMap tells them: which of its relations bind cars at all times.

Source: wiki.openstreetmap.org, page Relation:restriction (kinds, members, `except`, and
`restriction:conditional`, which this network can't keep since it knows no hour for a turn).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

Tags = Mapping[str, str]

_KINDS = frozenset(
    f"{word}_{turn}"
    for word in ("no", "only")
    for turn in ("left_turn", "right_turn", "straight_on", "u_turn")
) | {"no_entry", "no_exit"}
_KEYS = ("restriction:motorcar", "restriction:motor_vehicle", "restriction:vehicle", "restriction")
_CARS = frozenset({"motorcar", "motor_vehicle", "vehicle"})
_SEVERAL = re.compile("[;,]")
_HOURS = ("day_on", "day_off", "hour_on", "hour_off")
"""How hours were tagged before `restriction:conditional`."""


class Unkept(Enum):
    """Why a relation binds nobody here."""

    NOT_FOR_CARS = "not_for_cars"
    CONDITIONAL = "conditional"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class TurnRestriction:
    """Who comes by `from_ways`, over `via_node` or along `via_ways`, may not (no_…) go on by
    `to_ways`, or may go on by nothing else (only_…)."""

    kind: str
    from_ways: tuple[int, ...]
    via_node: int | None
    via_ways: tuple[int, ...]
    to_ways: tuple[int, ...]

    @property
    def only(self) -> bool:
        return self.kind.startswith("only_")

    @property
    def turn(self) -> str:
        """`left_turn`, `right_turn`, `straight_on`, `u_turn`, `entry` or `exit`."""
        return self.kind.partition("_")[2]


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a relation: "n" or "w", its number, its role."""

    kind: str
    ref: int
    role: str


def is_restriction(tags: Tags) -> bool:
    """Whether a relation is a turn restriction of any kind, for whomever."""
    return tags.get("type", "").partition(":")[0] == "restriction"


def car_restrictions(
    tags: Tags, members: tuple[Member, ...]
) -> tuple[TurnRestriction | Unkept, ...]:
    """The restrictions that cars must keep at all times, or why there is none; one for each kind
    that the relation names."""
    mode = tags.get("type", "").partition(":")[2]
    if (mode and mode not in _CARS) or not _CARS.isdisjoint(_words(tags.get("except", ""))):
        return (Unkept.NOT_FOR_CARS,)
    told = next((tags[key] for key in _KEYS if key in tags), None)
    if told is None:
        conditional = any(f"{key}:conditional" in tags for key in _KEYS)
        return (Unkept.CONDITIONAL if conditional else Unkept.NOT_FOR_CARS,)
    if any(key in tags for key in _HOURS) or "@" in told:
        return (Unkept.CONDITIONAL,)
    kinds = _words(told)
    if kinds == {"none"}:
        return (Unkept.NOT_FOR_CARS,)
    return tuple(_restriction(kind, members) for kind in sorted(kinds)) or (Unkept.UNCLEAR,)


def _restriction(kind: str, members: tuple[Member, ...]) -> TurnRestriction | Unkept:
    nodes = _refs(members, "n", "via")
    ways = _refs(members, "w", "via")
    restriction = TurnRestriction(
        kind,
        _refs(members, "w", "from"),
        nodes[0] if nodes else None,
        ways,
        _refs(members, "w", "to"),
    )
    whole = restriction.from_ways and restriction.to_ways and len(nodes) + bool(ways) == 1
    return restriction if kind in _KINDS and whole else Unkept.UNCLEAR


def _refs(members: tuple[Member, ...], kind: str, role: str) -> tuple[int, ...]:
    return tuple(
        one.ref for one in members if (one.kind, one.role.strip().casefold()) == (kind, role)
    )


def _words(value: str) -> set[str]:
    """The words of a tag's value, which may be several, in whatever case."""
    return {word.strip().casefold() for word in _SEVERAL.split(value)} - {""}
