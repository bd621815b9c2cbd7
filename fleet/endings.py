"""How a dated row ends early: its period is shortened, or it is withdrawn before it begins."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Mapped

from kit.columns import Instant, Period
from kit.errors import Conflict


class AlreadyEnded(Conflict):
    """This has already ended or was withdrawn."""


class Withdrawable:
    """A row that holds for a period, unless it was withdrawn before it began."""

    period: Mapped[Period]
    withdrawn_at: Mapped[Instant | None]


def end_early(row: Withdrawable, now: datetime) -> None:
    """Let `row` hold no longer than until `now`. Raises AlreadyEnded."""
    start, end = row.period.lower, row.period.upper
    if row.withdrawn_at is not None or (end is not None and end <= now):
        raise AlreadyEnded
    if start is not None and start >= now:
        row.withdrawn_at = now
    else:
        row.period = Range(start, now, bounds="[)")


def spelled(period: Range[datetime]) -> dict[str, str | None]:
    """Return the ends of a period as the journal writes them (RFC 3339, UTC)."""
    return {
        "start": period.lower.isoformat() if period.lower else None,
        "end": period.upper.isoformat() if period.upper else None,
    }
