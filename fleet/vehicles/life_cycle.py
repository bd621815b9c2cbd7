"""The life of a vehicle: which event may follow in which state, and the state that events make.

Quota (编制) → purchase → registration → allocation → use → transfer, renewal → disposal. The
present state is never set: it is what the events in order of their days lead to, so that an event
of an earlier day may be added later as long as the whole life stays possible.
"""

from collections.abc import Iterable
from datetime import date

from fleet.vehicles.words import EventKind as E
from fleet.vehicles.words import LifeState as S
from kit.errors import Conflict

_REMARKS = {E.CHANGED, E.PLATE_CHANGED, E.BASE_MOVED}
"""These happen in any state of a present vehicle and leave it."""

NEXT: dict[S | None, dict[E, S]] = {
    None: {
        E.QUOTA_APPROVED: S.QUOTA_APPROVED,
        E.PURCHASED: S.PURCHASED,
        E.REGISTERED: S.REGISTERED,
    },
    S.QUOTA_APPROVED: {E.PURCHASED: S.PURCHASED, E.REGISTERED: S.REGISTERED},
    S.PURCHASED: {E.REGISTERED: S.REGISTERED},
    S.REGISTERED: {E.ALLOCATED: S.ALLOCATED, E.DISPOSED: S.DISPOSED},
    S.ALLOCATED: {
        E.PUT_IN_USE: S.IN_USE,
        E.TRANSFERRED: S.ALLOCATED,
        E.DISPOSED: S.DISPOSED,
    },
    S.IN_USE: {E.TRANSFERRED: S.IN_USE, E.RENEWED: S.RENEWED, E.DISPOSED: S.DISPOSED},
    S.RENEWED: {E.DISPOSED: S.DISPOSED},
    S.DISPOSED: {},
    S.STRUCK_OFF: {},
}

ENDED = frozenset({S.DISPOSED, S.STRUCK_OFF})
"""States of vehicles that have left the fleet."""


class IllegalStep(Conflict):
    """This step does not follow from the state in which the vehicle was on that day."""


def step(state: S | None, event: E) -> S:
    """Return the state after `event`. Raises IllegalStep."""
    after = NEXT[state].get(event)
    if after is not None:
        return after
    if state is not None and state not in ENDED:
        if event is E.STRUCK_OFF:
            return S.STRUCK_OFF
        if event in _REMARKS:
            return state
    raise IllegalStep(state=state, event=event)


_RANK = {kind: rank for rank, kind in enumerate(E)}


def in_order(events: Iterable[tuple[E, date]]) -> list[E]:
    """Return kinds of events in the order of their days; on one day, in that of a whole life."""
    return [kind for kind, _ in sorted(events, key=lambda one: (one[1], _RANK[one[0]]))]


def state_after(events: Iterable[E]) -> S | None:
    """Return the state to which events in order lead; None for none. Raises IllegalStep."""
    state: S | None = None
    for event in events:
        state = step(state, event)
    return state
