"""Why a delegation is refused."""

from kit.errors import BadRequest, Conflict, Forbidden


class NotDelegable(BadRequest):
    """This role is not delegated: only approvers, dispatchers, clerks and fleet managers are."""


class NotYoursToDelegate(Forbidden):
    """You do not hold this role yourself there at that time; a deputy can't delegate on."""


class OwnDeputy(BadRequest):
    """Nobody is their own deputy."""


class AlreadyDelegated(Conflict):
    """You already have a deputy in this role there in that period."""


class BadDelegationPeriod(BadRequest):
    """A delegation begins now or later and lasts at most 184 days."""
