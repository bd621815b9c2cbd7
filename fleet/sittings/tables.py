"""The table of sittings."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, Numbered
from kit.database import Base


class Sitting(Numbered, Base):
    """Why somebody looks at tracks, until it ends (查阅事由)."""

    __tablename__ = "sitting"
    __table_args__ = (
        Index(
            "one_sitting_at_a_time",
            "bearer_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    person_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    bearer_id: Mapped[UUID]
    purpose: Mapped[str]
    reference: Mapped[str | None]
    letter_no: Mapped[str | None]
    text: Mapped[str | None]
    began_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
