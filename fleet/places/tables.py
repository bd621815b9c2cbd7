"""The table of places."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Numbered, Recorded
from kit.database import Base


class Place(Numbered, Recorded, Base):
    """A place that the agency knows by name (WGS-84, radius in metres)."""

    __tablename__ = "place"

    name: Mapped[str]
    sort_key: Mapped[str]
    kind: Mapped[str]
    organisation_no: Mapped[int | None] = mapped_column(ForeignKey("organisation.no"), index=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    radius_m: Mapped[int]
