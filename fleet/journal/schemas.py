"""What the API speaks about the journal."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from fleet.journal.words import Algorithm
from fleet.refs import Named


class SealOut(BaseModel):
    """An entry's seal (封印): its place in the chain; digest and head in hex."""

    n: int
    sealed_at: datetime
    algorithm: Algorithm
    digest: str
    head: str


class JournalEntryOut(BaseModel):
    """Who did what to what, and from where (留痕记录).

    roles: what the actor was at that time; unknown for entries of older versions
    purpose, sitting_id: what a look-up was for
    erased_by: the entry that records the erasure of what was personal here
    is_withheld: an external supervisor's look-up, of which others see seal, time and roles only
    seal: none yet within a second after the act
    """

    id: UUID
    at: datetime
    roles: list[str] | None
    is_withheld: bool
    actor: Named | None
    actor_name: str | None
    organisation: Named | None
    action: str | None
    object_kind: str | None
    object_id: UUID | None
    before: dict[str, object] | None
    after: dict[str, object] | None
    reason: str | None
    purpose: str | None
    sitting_id: UUID | None
    address: str | None
    erased_by: UUID | None
    seal: SealOut | None


class JournalPage(BaseModel):
    """A page of the journal, newest first."""

    items: list[JournalEntryOut]
    next_cursor: str | None


class RootOut(BaseModel):
    """The chain's newest head (链头): whoever keeps it can prove every entry up to seal `n`."""

    n: int
    head: str
    sealed_at: datetime
    algorithm: Algorithm
