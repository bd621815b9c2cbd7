"""What the tags say about who may pass: cars on a road, and cars at a barrier.

Sources: wiki.openstreetmap.org, pages Key:access (hierarchy of transport modes, values, `:forward`
and `:backward`) and Key:barrier (what each kind lets through where no access is tagged).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

Tags = Mapping[str, str]

# From the most to the least specific: the first key present decides.
_ACCESS_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
_ALL_ACCESS_KEYS = tuple(
    f"{key}{side}" for key in _ACCESS_KEYS for side in ("", ":forward", ":backward")
)

_OPEN = frozenset(
    {"yes", "permissive", "designated", "public", "discouraged", "unknown", "true", "1", "toll"}
)
_CLOSED = frozenset(
    {"no", "private", "agricultural", "forestry", "military", "emergency", "psv", "bus", "hov"}
    | {"taxi", "hgv", "foot", "bicycle", "use_sidepath"}
)
_ENDS_ONLY = frozenset({"destination", "delivery", "customers", "permit", "residents"})

_SHUT_BARRIERS = frozenset(
    {"block", "bollard", "bus_trap", "chain", "concrete_block", "cycle_barrier", "debris", "ditch"}
    | {"fence", "full-height_turnstile", "hedge", "horse_stile", "jersey_barrier", "kerb_barrier"}
    | {"kissing_gate", "log", "motorcycle_barrier", "planter", "retaining_wall", "rope", "spikes"}
    | {"stile", "sump_buster", "turnstile", "wall", "wicket_gate", "yes"}
)
"""Barriers that no car passes unless tags say that it may. Gates of all kinds are opened."""


class CarAccess(Enum):
    """Whom a road lets in."""

    OPEN = "open"
    ENDS_ONLY = "ends_only"
    """Only for journeys that begin or end on it: no road to drive through."""
    CLOSED = "closed"


def car_access(tags: Tags, *, forward: bool) -> CarAccess:
    """Who may drive a way in one direction; what is not tagged is open."""
    side = "forward" if forward else "backward"
    for key in _ACCESS_KEYS:
        value = tags.get(f"{key}:{side}", tags.get(key))
        if value is not None:
            return _meaning(value)
    return CarAccess.OPEN


def stops_cars(tags: Tags) -> bool:
    """Whether a node on a road is a barrier that cars don't pass."""
    kinds = _words(tags.get("barrier", "")) - {"no"}
    if not kinds:
        return False
    if "yes" in _words(tags.get("locked", "")):
        return True
    access = next((tags[key] for key in _ACCESS_KEYS if key in tags), None)
    if access is not None:
        return _meaning(access) is CarAccess.CLOSED
    return not kinds.isdisjoint(_SHUT_BARRIERS)


def has_unclear_access(tags: Tags) -> bool:
    """Whether cars are spoken of in words that nobody has agreed on: they count as private."""
    known = _OPEN | _ENDS_ONLY | _CLOSED
    return any(_words(tags.get(key, "")) - known for key in _ALL_ACCESS_KEYS)


def has_conditional_access(tags: Tags) -> bool:
    """Whether cars may pass by the hour, the weight or else: that is not kept."""
    return any(f"{key}:conditional" in tags for key in _ALL_ACCESS_KEYS)


def _meaning(value: str) -> CarAccess:
    """Of several words the widest holds, and one that says nothing known lets nobody in."""
    words = _words(value)
    if not words or not words.isdisjoint(_OPEN):
        return CarAccess.OPEN
    return CarAccess.CLOSED if words.isdisjoint(_ENDS_ONLY) else CarAccess.ENDS_ONLY


def _words(value: str) -> set[str]:
    """The words of a tag's value, which may be several, in whatever case."""
    return {word.strip().casefold() for word in value.split(";")} - {""}
