"""Why a choice beside a suggestion is refused, and why a suggestion can't be shown."""

from kit.errors import Conflict


class NotFirstNeedsReason(Conflict):
    """The suggestion has another vehicle and driver first: choose them, or say why not."""


class RecordUnreadable(Conflict):
    """What the suggestion rests on was changed or can't be read: it can't be shown."""
