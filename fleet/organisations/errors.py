"""Why something about organisations is refused."""

from kit.errors import BadRequest, Conflict


class LaterChange(Conflict):
    """A later change is already written; this one would contradict it."""


class TreeCircle(Conflict):
    """The organisation would stand below itself."""


class OrganisationEnded(Conflict):
    """The organisation has ended."""


class OrganisationInUse(Conflict):
    """Vehicles, people or other organisations still belong to this organisation."""


class NotYet(BadRequest):
    """This takes effect in the future; write it on its day."""


class MandateHeld(Conflict):
    """Another organisation holds this mandate in that period."""


class MandateEnded(Conflict):
    """The mandate has ended by then."""
