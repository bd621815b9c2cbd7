"""Tables of vehicles: what stands in the register, and what happened to each by date."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, JsonObject, Numbered, Period, Recorded
from kit.database import Base


class Vehicle(Numbered, Recorded, Base):
    """An official vehicle (公务用车) as it is now; its events say how it became so.

    Plate and state are copies of what `vehicle_plate` and the events say, for lists and orders.
    norm_ml_per_100km, norm_wh_per_100km: the norms of consumption, of fuel and of electricity
    excess: of what it was in excess and was let pass with a flag
    """

    __tablename__ = "vehicle"
    __table_args__ = (
        Index("ix_vehicle_plate_id", "plate", "id"),
        Index(
            "uq_vehicle_plate_plate_colour",
            "plate",
            "plate_colour",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        # The list shows present vehicles only; it reads this index in its own order.
        Index(
            "ix_vehicle_present_plate_id",
            "plate",
            "id",
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index(
            "uq_vehicle_vin_present",
            "vin",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL AND vin IS NOT NULL"),
        ),
    )

    plate: Mapped[str]
    plate_colour: Mapped[str]
    vin: Mapped[str | None]
    model: Mapped[str]
    category: Mapped[str]
    seats: Mapped[int]
    energy: Mapped[str]
    holding: Mapped[str]
    withdrawn_at: Mapped[Instant | None]

    state: Mapped[str] = mapped_column(server_default=text("'in_use'"))
    use_type: Mapped[str | None]
    body: Mapped[str | None]
    engine_number: Mapped[str | None]
    displacement_ml: Mapped[int | None]
    price_fen: Mapped[int | None] = mapped_column(BigInteger)
    funding: Mapped[str | None]
    purchase_date: Mapped[date | None]
    tank_l: Mapped[int | None]
    battery_kwh: Mapped[int | None]
    norm_ml_per_100km: Mapped[int | None]
    norm_wh_per_100km: Mapped[int | None]
    marking: Mapped[str] = mapped_column(server_default=text("'unmarked'"))
    marking_date: Mapped[date | None]
    marking_basis: Mapped[str | None]
    condition: Mapped[str] = mapped_column(server_default=text("'normal'"))
    excess: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=text("'{}'"))


class VehicleUnit(Recorded, Base):
    """Which unit uses a vehicle, and where it parks when not on an order, for a period."""

    __tablename__ = "vehicle_unit"
    # The live map looks up whose use begins or ends by the clock.
    __table_args__ = (
        Index("ix_vehicle_unit_begins", text("lower(period)")),
        Index("ix_vehicle_unit_ends", text("upper(period)")),
    )

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"), index=True)
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    base_no: Mapped[int | None] = mapped_column(ForeignKey("place.no"))
    period: Mapped[Period]


class VehiclePlate(Recorded, Base):
    """Which vehicle bears a plate, for a period: plates move between vehicles, VINs do not."""

    __tablename__ = "vehicle_plate"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"), index=True)
    plate: Mapped[str] = mapped_column(index=True)
    plate_colour: Mapped[str]
    period: Mapped[Period]


class VehicleEvent(Numbered, Recorded, Base):
    """Something that happened to a vehicle on a Shanghai day of its life; never changed later."""

    __tablename__ = "vehicle_event"
    __table_args__ = (
        Index("ix_vehicle_event_vehicle_no_day_no", "vehicle_no", "day", "no"),
        Index("ix_vehicle_event_changed_day", "day", postgresql_where=text("kind = 'changed'")),
    )

    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"))
    kind: Mapped[str]
    day: Mapped[date]
    facts: Mapped[JsonObject]
    organisation_no: Mapped[int | None] = mapped_column(ForeignKey("organisation.no"))
    document_no: Mapped[int | None] = mapped_column(ForeignKey("vehicle_document.no"))
    recorded_by_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"))


class PlateRefusal(Recorded, Base):
    """The one list of plates that are refused, as keyed digests: it tells no plate.

    key_check: the digest of nothing under the same key, which tells a wrong key
    """

    __tablename__ = "plate_refusal"

    only: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    key_check: Mapped[bytes] = mapped_column(LargeBinary)
    digests: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary))
