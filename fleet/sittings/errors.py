"""Why a track is not shown, or a sitting not begun."""

from kit.errors import BadRequest, Forbidden


class SittingNeeded(Forbidden):
    """Say first why you look at tracks: begin a sitting."""


class ReferenceMissing(BadRequest):
    """Whoever looks for a case states its number."""


class LetterNeeded(BadRequest):
    """State the number of the letter under which you look; it must be in force."""
