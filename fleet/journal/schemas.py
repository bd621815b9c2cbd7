"""What the API speaks about the journal."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from fleet.refs import Named


class JournalEntryOut(BaseModel):
    """Who did what to what, and from where (留痕记录)."""

    id: UUID
    at: datetime
    actor: Named | None
    actor_name: str | None
    organisation: Named | None
    action: str
    object_kind: str
    object_id: UUID | None
    before: dict[str, object] | None
    after: dict[str, object] | None
    reason: str | None
    address: str | None


class JournalPage(BaseModel):
    """A page of the journal, newest first."""

    items: list[JournalEntryOut]
    next_cursor: str | None
