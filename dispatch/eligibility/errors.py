"""Why a vehicle that somebody chose by hand is refused."""

from kit.errors import Conflict


class OverrideNeedsReason(Conflict):
    """Rules speak against this choice: choose others, or override them (`override`) and say why."""
