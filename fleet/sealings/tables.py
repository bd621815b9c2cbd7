"""Tables of sealing windows, the vehicles exempt from them, and what changed."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, Numbered, Period, Recorded
from kit.database import Base


class Sealing(Numbered, Recorded, Base):
    """A version of a sealing (封存): over an organisation's subtree, or its part in a region.

    `series` is the same in all versions of one sealing; a changed one is a new version. A sealing
    that was ended early keeps its period and says when it ended.
    """

    __tablename__ = "sealing"
    __table_args__ = (UniqueConstraint("series", "version"),)

    series: Mapped[UUID]
    version: Mapped[int]
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    region_code: Mapped[str | None]
    name: Mapped[str]
    basis: Mapped[str]
    period: Mapped[Period]
    days: Mapped[str]
    exempt_categories: Mapped[list[str]] = mapped_column(ARRAY(String))
    ended_at: Mapped[Instant | None]
    superseded_at: Mapped[Instant | None]


class SealingExemption(Base):
    """A vehicle that a sealing leaves out (经批准的值班、应急车辆)."""

    __tablename__ = "sealing_exemption"

    sealing_no: Mapped[int] = mapped_column(ForeignKey("sealing.no"), primary_key=True)
    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"), primary_key=True)


class SealingChange(Recorded, Base):
    """A period in which other vehicles stand sealed than before: it is judged anew."""

    __tablename__ = "sealing_change"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    sealing_no: Mapped[int] = mapped_column(ForeignKey("sealing.no"))
    period: Mapped[Period]
