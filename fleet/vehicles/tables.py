"""Tables of vehicles and the units that use them, by date."""

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, Numbered, Period, Recorded
from kit.database import Base


class Vehicle(Numbered, Recorded, Base):
    """An official vehicle (公务用车)."""

    __tablename__ = "vehicle"
    __table_args__ = (UniqueConstraint("plate", "plate_colour"),)

    plate: Mapped[str]
    plate_colour: Mapped[str]
    vin: Mapped[str | None]
    model: Mapped[str]
    category: Mapped[str]
    seats: Mapped[int]
    energy: Mapped[str]
    holding: Mapped[str]
    withdrawn_at: Mapped[Instant | None]


class VehicleUnit(Recorded, Base):
    """Which unit uses a vehicle, and where it parks when not on an order, for a period."""

    __tablename__ = "vehicle_unit"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"), index=True)
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    base_no: Mapped[int | None] = mapped_column(ForeignKey("place.no"))
    period: Mapped[Period]
