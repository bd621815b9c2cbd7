"""By whom, when and from where something is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet import journal
from fleet.access import Actor
from fleet.errors import EmptyPeriod


@dataclass(frozen=True, slots=True)
class Act:
    """The circumstances of a change; without an actor the system itself makes it."""

    actor: Actor | None
    now: datetime
    address: str | None = None
    reason: str | None = None

    def record(
        self,
        session: AsyncSession,
        action: str,
        object_kind: str,
        object_id: UUID | None,
        *,
        organisation_no: int | None = None,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
    ) -> None:
        """Add the journal's entry of this change (see `fleet.journal.record`)."""
        journal.record(
            session,
            actor=self.actor,
            action=action,
            object_kind=object_kind,
            object_id=object_id,
            now=self.now,
            organisation_no=organisation_no,
            before=before,
            after=after,
            reason=self.reason,
            address=self.address,
        )


def period(start: datetime, end: datetime | None = None) -> Range[datetime]:
    """Return [start, end), open when `end` is None. Raises EmptyPeriod."""
    if end is not None and end <= start:
        raise EmptyPeriod
    return Range(start, end, bounds="[)")
