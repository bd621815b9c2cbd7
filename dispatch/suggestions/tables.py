"""The tables of records, what suggestions rest on, and of what was chosen from suggestions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Recorded
from kit.database import Base


class SuggestionRecord(Recorded, Base):
    """All on which a suggestion rests (`dispatch.suggestions.record`); erased with its request."""

    __tablename__ = "suggestion_record"

    suggestion_id: Mapped[UUID] = mapped_column(ForeignKey("suggestion.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    rules_version: Mapped[int]
    map_version: Mapped[str | None]


class SuggestionChoice(Base):
    """The suggestion by which somebody gave an order another vehicle or driver.

    at: the instant of the order's step
    """

    __tablename__ = "suggestion_choice"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    suggestion_id: Mapped[UUID] = mapped_column(ForeignKey("suggestion.id"), index=True)
