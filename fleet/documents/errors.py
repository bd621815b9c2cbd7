"""Why something about documents is refused."""

from kit.errors import BadRequest, Conflict, NotFound


class ContentKept(Conflict):
    """This document has its content; add another document instead of changing it."""


class NoContent(NotFound):
    """No file was uploaded for this document."""


class ExpiresBeforeIssue(BadRequest):
    """The document expires before it is issued."""
