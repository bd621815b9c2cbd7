"""The table of records: what suggestions rest on, packed."""

from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
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
