"""The journal's table."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, JsonObject
from kit.database import Base


class JournalEntry(Base):
    """Who did what to what, and from where (留痕记录); written in the act's own transaction."""

    __tablename__ = "journal"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    at: Mapped[Instant]
    actor_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"), index=True)
    actor_name: Mapped[str]
    organisation_no: Mapped[int | None] = mapped_column(ForeignKey("organisation.no"), index=True)
    action: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[UUID | None] = mapped_column(index=True)
    before: Mapped[JsonObject | None]
    after: Mapped[JsonObject | None]
    reason: Mapped[str | None]
    address: Mapped[str | None]
