"""Columns that stand in many tables, declared once."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Identity, text
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from kit.ids import new_id

# A number is a key inside one database and never leaves it; the public id is a UUIDv7.
Number = Annotated[int, mapped_column(BigInteger)]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Period = Annotated[Range[datetime], mapped_column(TSTZRANGE)]
JsonObject = Annotated[dict[str, object], mapped_column(JSONB)]
JsonList = Annotated[list[dict[str, object]], mapped_column(JSONB)]


class Numbered:
    """A row with a key for joins and an id for the outside."""

    no: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    id: Mapped[UUID] = mapped_column(default=new_id, unique=True)


class Recorded:
    """A row that knows when it was written."""

    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()")
    )
