"""Why a change of people and drivers is refused."""

from kit.errors import BadRequest, Conflict, Forbidden


class OwnAccount(Forbidden):
    """Nobody changes their own roles, disables their own account or opens it anew."""


class BelongsElsewhere(Forbidden):
    """This person also has roles outside your scope; someone above must do this."""


class RoleOverlap(Conflict):
    """The person already has this role there in that period."""


class NoSuchRole(Conflict):
    """The person does not have this role there at that time."""


class BackdatedRole(BadRequest):
    """Roles begin and end now or later: what somebody could do in the past stays as it was."""


class AlreadyDisabled(Conflict):
    """The account is already disabled."""


class NotDisabled(Conflict):
    """The account is not disabled."""


class LicenceOverlap(Conflict):
    """A later licence of this driver is already in the register."""


class TransferOverlap(Conflict):
    """The driver already changes organisations at or after that time."""
