"""Why a vehicle that somebody chose by hand is refused."""

from kit.errors import Conflict


class OverrideNeedsReason(Conflict):
    """Rules speak against this vehicle or driver: choose others, or say why these all the same."""
