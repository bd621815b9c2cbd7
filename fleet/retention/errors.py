"""What retention refuses."""

from kit.errors import BadRequest, Conflict


class KeptTooShort(BadRequest):
    """This kind of data must be kept longer."""


class HoldReleased(Conflict):
    """This hold has been released already."""


class HoldOfNothing(BadRequest):
    """A hold names a vehicle or a person, and only one of them."""
