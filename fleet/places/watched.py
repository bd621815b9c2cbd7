"""Who may know of watched places (重点场所): a place whose stops are checked is told to few."""

from sqlalchemy import ColumnElement, false, or_

from fleet.access import Actor
from fleet.lists import within
from fleet.organisations.store import Scope
from fleet.permissions import Permission
from fleet.places.tables import Place
from fleet.words import PlaceKind

# Who looks for stops at watched places, or keeps the register of places.
_SEES_WATCHED = (Permission.PLACE_WRITE, Permission.FINDING_READ)


def watched_scope(actor: Actor) -> Scope:
    """The organisations whose watched places the actor may know of."""
    return frozenset().union(*(actor.scope(permission) for permission in _SEES_WATCHED))


def not_hidden(watched: Scope) -> ColumnElement[bool]:
    """Whether a place is none that is watched, or one of these organisations'.

    Whoever may know of any may know of everybody's.
    """
    known = or_(Place.organisation_no.is_(None), within(Place.organisation_no, watched))
    return or_(Place.kind != PlaceKind.WATCHED, known if watched else false())
