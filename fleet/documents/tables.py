"""The table of documents."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, Numbered, Recorded
from kit.database import Base


class VehicleDocument(Numbered, Recorded, Base):
    """A document or photo of a vehicle; its content lies in the media folder under `sha256`.

    expires_on: the last Shanghai day on which it is valid
    title: what people call it, shown and offered for saving, never used as a path
    """

    __tablename__ = "vehicle_document"
    __table_args__ = (
        Index("ix_vehicle_document_vehicle_no_kind", "vehicle_no", "kind", "expires_on"),
        Index("ix_vehicle_document_expires_on_id", "expires_on", "id"),
    )

    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"))
    kind: Mapped[str]
    title: Mapped[str]
    number: Mapped[str | None]
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    sha256: Mapped[str | None]
    media_type: Mapped[str | None]
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    recorded_by_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"))
    withdrawn_at: Mapped[Instant | None]
