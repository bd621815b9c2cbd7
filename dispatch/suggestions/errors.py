"""Why a choice by a suggestion is refused, and why a suggestion can't be shown."""

from kit.errors import Conflict


class NotFirstNeedsReason(Conflict):
    """The suggestion has another vehicle and driver first: choose them, or say why not."""


class UnknownSuggestion(Conflict):
    """No such suggestion is kept for this request: ask for a new one, or name none."""


class RecordUnreadable(Conflict):
    """What the suggestion rests on was changed or can't be read: it can't be shown."""
