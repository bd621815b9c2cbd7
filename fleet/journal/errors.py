"""Errors of the journal: one class, one sentence."""

from kit.errors import BadRequest, NotFound


class NotRecordable(BadRequest):
    """A number is too large, or no number at all, to be kept in the journal."""


class NothingSealed(NotFound):
    """Nothing has been sealed yet."""
