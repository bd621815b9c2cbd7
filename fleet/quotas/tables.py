"""Tables of quotas, of standards, and of the counts that stand for secret vehicles."""

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Numbered, Period, Recorded
from kit.database import Base


class Quota(Numbered, Recorded, Base):
    """How many vehicles (count) of a category an organisation may have, for a period."""

    __tablename__ = "quota"
    __table_args__ = (Index("ix_quota_organisation_no_category", "organisation_no", "category"),)

    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"))
    category: Mapped[str]
    count: Mapped[int]
    basis: Mapped[str]
    period: Mapped[Period]


class Standard(Numbered, Recorded, Base):
    """The highest price and displacement (both inclusive) of a kind of vehicle, for a period.

    organisation_no: who set it, for itself and all below; None: the nation
    category: None for all; bodies: code names in order, joined by commas, empty for all
    new_energy: whether it is for new-energy vehicles, to which the others then do not apply
    source: where the figures were read
    """

    __tablename__ = "standard"

    organisation_no: Mapped[int | None] = mapped_column(ForeignKey("organisation.no"), index=True)
    category: Mapped[str | None]
    condition: Mapped[str]
    bodies: Mapped[str]
    new_energy: Mapped[bool]
    price_fen: Mapped[int] = mapped_column(BigInteger)
    displacement_ml: Mapped[int | None]
    source: Mapped[str]
    period: Mapped[Period]


class SecretVehicleCount(Recorded, Base):
    """How many secret vehicles an organisation has, and nothing else about them."""

    __tablename__ = "secret_vehicle_count"

    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), primary_key=True)
    count: Mapped[int]
