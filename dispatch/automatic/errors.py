"""Why an appointment of a duty dispatcher is refused."""

from kit.errors import BadRequest, Conflict


class DutyDispatcherTaken(Conflict):
    """The organisation has a duty dispatcher in that period already; end that appointment first."""


class NotADispatcher(BadRequest):
    """A duty dispatcher must be a dispatcher of the organisation when appointed."""


class ProposalOver(Conflict):
    """The exchange is no longer asked about, or you have answered; your order stands as shown."""
