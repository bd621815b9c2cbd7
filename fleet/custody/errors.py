"""Why a hand-over is refused."""

from kit.errors import BadRequest, Conflict


class HandedOverSince(Conflict):
    """The item changed hands at that time or later; look at who holds it now."""


class ItemEnded(Conflict):
    """The item is no longer in use: nobody holds it."""


class HandOverInTheFuture(BadRequest):
    """A hand-over is written when it has happened."""


class SameHolder(BadRequest):
    """The item already is where it is to go."""
