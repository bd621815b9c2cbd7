"""What the live feed counts: once a tick or a message, never once a vehicle."""

from dataclasses import dataclass, field
from datetime import datetime

from kit.metrics import SHORT_S, Distribution


@dataclass(slots=True)
class LiveCounters:
    """What an operator wants to know of the feed.

    began_at: when it began to follow; None where nobody runs it
    told_at: up to when everything was told that is stored
    tick_s: seconds of catching up and telling once
    messages, sent_bytes: what was sent to clients
    overrun: how often a client read so slowly that what waited for it was dropped
    """

    began_at: datetime | None = None
    told_at: datetime | None = None
    tick_s: Distribution = field(default_factory=lambda: Distribution(SHORT_S))
    messages: int = 0
    sent_bytes: int = 0
    overrun: int = 0

    @property
    def current_at(self) -> datetime | None:
        """Up to when the feed has followed, or since when it tries to; None where none runs."""
        return self.told_at or self.began_at
