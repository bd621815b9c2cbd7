"""Why a fact about the allowance is refused."""

from kit.errors import Conflict


class LaterAllowance(Conflict):
    """What holds from a later instant on is already written."""


class SameAllowance(Conflict):
    """This is already what is written for that time."""
