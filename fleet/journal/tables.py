"""The journal's tables: entries, the queue of those that wait for a seal, and the seals."""

import json
from typing import cast
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, Number
from kit.database import Base

Values = dict[str, object]


class JournalEntry(Base):
    """Who did what to what, and from where (留痕记录); written in the act's own transaction.

    `header` and `payload` are what is sealed (`fleet/journal/canonical.py`). The columns repeat
    what lists and searches need, and verification holds them against the sealed bytes. There
    are no foreign keys: an entry outlives what it names.
    """

    __tablename__ = "journal"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    at: Mapped[Instant]
    actor_no: Mapped[int | None] = mapped_column(BigInteger, index=True)
    actor_name: Mapped[str | None]
    organisation_no: Mapped[int | None] = mapped_column(BigInteger, index=True)
    supervisor_no: Mapped[Number | None]
    action: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[UUID | None] = mapped_column(index=True)
    reason: Mapped[str | None]
    address: Mapped[str | None]
    header: Mapped[bytes | None] = mapped_column(LargeBinary)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    erased_by: Mapped[UUID | None]
    # Written by versions before the seals; moved into the payload when the entry is sealed.
    old_before: Mapped[Values | None] = mapped_column("before", JSONB)
    old_after: Mapped[Values | None] = mapped_column("after", JSONB)

    @property
    def before(self) -> Values | None:
        """The values before the act."""
        return cast(Values | None, self.content.get("before"))

    @property
    def after(self) -> Values | None:
        """The values after the act."""
        return cast(Values | None, self.content.get("after"))

    @property
    def content(self) -> Values:
        """The payload's members; none when it was erased."""
        if self.payload is not None:
            return cast(Values, json.loads(self.payload))
        return {"before": self.old_before, "after": self.old_after}

    @property
    def roles(self) -> list[str] | None:
        """What the actor was at that time; None where it is not known."""
        return None if self.header is None else json.loads(self.header)["roles"]


class JournalPending(Base):
    """An entry that waits for its seal, since it was written; the database itself queues it.

    refused: why the sealer has set it aside, None where it is only waiting its turn
    """

    __tablename__ = "journal_pending"

    entry_no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    since: Mapped[Instant] = mapped_column(server_default=text("clock_timestamp()"))
    refused: Mapped[str | None]


class JournalSeal(Base):
    """The seal of one entry; `n` has no gaps, and `head` follows from the head of n - 1."""

    __tablename__ = "journal_seal"

    n: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_no: Mapped[Number] = mapped_column(unique=True)
    algorithm: Mapped[str]
    sealed_at: Mapped[Instant]
    payload_digest: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    head: Mapped[bytes] = mapped_column(LargeBinary)


class JournalHeads(Base):
    """A file of heads outside the database, begun with the head of a seal; only added to.

    first_seal, place: None for the declaration that all heads kept until then are lost
    """

    __tablename__ = "journal_heads"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    begun_at: Mapped[Instant]
    first_seal: Mapped[int | None] = mapped_column(BigInteger)
    place: Mapped[str | None]
