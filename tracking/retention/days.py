"""Days whose positions have had their time: Shanghai days that have a partition, oldest first."""

from dataclasses import dataclass
from datetime import date, datetime

from kit.clock import shanghai_day
from kit.database import Sessions, transaction
from tracking.settling.days import partition_of
from tracking.settling.store import standing_days

# Ingest must not wait for long behind a partition's drop; the next run tries again.
PATIENCE_MS = 3_000
LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True, slots=True)
class Day:
    """A Shanghai day that has a partition."""

    day: date

    @property
    def name(self) -> str:
        """The name of its partition."""
        return partition_of(self.day)

    @property
    def told(self) -> dict[str, object]:
        """What a line of the log says of it."""
        return {"day": self.day.isoformat()}


async def old_days(sessions: Sessions, before: datetime) -> list[Day]:
    """Return the days that ended by `before`, a Shanghai midnight."""
    async with transaction(sessions) as session:
        standing = await standing_days(session)
    return [Day(day) for day in sorted(standing) if day < shanghai_day(before)]
