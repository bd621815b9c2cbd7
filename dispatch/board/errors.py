"""What the board refuses."""

from kit.errors import BadRequest


class BoardTooLong(BadRequest):
    """The board shows at most eight days at once."""
