"""The journal (留痕记录): written in the transaction of the act that it records."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor
from fleet.journal.tables import JournalEntry
from kit.ids import new_id

SYSTEM = "system"


def record(
    session: AsyncSession,
    *,
    actor: Actor | None,
    action: str,
    object_kind: str,
    object_id: UUID | None,
    now: datetime,
    organisation_no: int | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str | None = None,
    address: str | None = None,
    actor_name: str | None = None,
) -> None:
    """Add an entry: who did what to which object, with its values before and after.

    Values must be JSON. Without an actor the entry names `actor_name`, or the system itself.
    """
    session.add(
        JournalEntry(
            id=new_id(),
            at=now,
            actor_no=actor.person_no if actor else None,
            actor_name=actor.username if actor else actor_name or SYSTEM,
            organisation_no=organisation_no,
            action=action,
            object_kind=object_kind,
            object_id=object_id,
            before=dict(before) if before is not None else None,
            after=dict(after) if after is not None else None,
            reason=reason,
            address=address,
        )
    )
