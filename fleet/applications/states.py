"""The states of an application (申请), as a table: draft → filed → decided → carried out."""

from fleet.applications.words import ApplicationAct as A
from fleet.applications.words import ApplicationState as S
from kit.errors import Conflict, Forbidden

NEXT: dict[S, dict[A, S]] = {
    S.DRAFT: {A.SUBMIT: S.FILED, A.WITHDRAW: S.WITHDRAWN},
    S.FILED: {
        A.SEND_BACK: S.SENT_BACK,
        A.REJECT: S.REJECTED,
        A.APPROVE: S.APPROVED,
        A.WITHDRAW: S.WITHDRAWN,
    },
    S.SENT_BACK: {A.SUBMIT: S.FILED, A.WITHDRAW: S.WITHDRAWN},
    S.APPROVED: {A.CARRY_OUT: S.CARRIED_OUT},
    S.REJECTED: {},
    S.WITHDRAWN: {},
    S.CARRIED_OUT: {},
}

EDITABLE = frozenset({S.DRAFT, S.SENT_BACK})
"""States in which the applicant may still change what is applied for."""


class IllegalAct(Conflict):
    """This cannot be done to the application in its present state."""


class OwnApplication(Forbidden):
    """Nobody decides on an application of their own."""


def next_state(state: S, act: A) -> S:
    """Return the state after `act`. Raises IllegalAct."""
    after = NEXT[state].get(act)
    if after is None:
        raise IllegalAct(state=state, act=act)
    return after
