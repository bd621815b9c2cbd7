"""Why a choice beside a suggestion is refused."""

from kit.errors import Conflict


class NotFirstNeedsReason(Conflict):
    """The suggestion has another vehicle and driver first: choose them, or say why not."""
