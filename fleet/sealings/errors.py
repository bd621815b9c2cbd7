"""What sealing windows refuse."""

from kit.errors import BadRequest, Conflict


class SealingTooLong(BadRequest):
    """A sealing covers at most 366 days; order the next one when its year is known."""


class SealingOver(Conflict):
    """This sealing has ended or has a newer version."""
