"""Tables of the register. Every binding is a dated row: nothing that was true is overwritten.

Periods are half-open [start, end) in UTC; an open end means "until further notice". That two
rows of one subject never overlap is a constraint of the database (see the first migration).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, JsonObject, Numbered, Period, Recorded
from kit.database import Base


class Organisation(Numbered, Recorded, Base):
    """A bureau, unit, supplier or repair shop (机构)."""

    __tablename__ = "organisation"

    name: Mapped[str]
    sort_key: Mapped[str]
    kind: Mapped[str]
    region_code: Mapped[str | None]
    uscc: Mapped[str | None]


class OrganisationParent(Recorded, Base):
    """Under which organisation another stands, for a period."""

    __tablename__ = "organisation_parent"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    parent_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    period: Mapped[Period]


class Mandate(Recorded, Base):
    """A power (职权) given to an organisation over a subtree, for a matter and a period."""

    __tablename__ = "mandate"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    holder_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    over_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    matter: Mapped[str]
    period: Mapped[Period]


class Person(Numbered, Recorded, Base):
    """Somebody with an account: applicant, approver, dispatcher, driver, officer."""

    __tablename__ = "person"

    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    sort_key: Mapped[str]
    phone: Mapped[str | None]
    password_hash: Mapped[str | None]
    disabled_at: Mapped[Instant | None]


class PersonRole(Recorded, Base):
    """What a person is to an organisation, for a period."""

    __tablename__ = "person_role"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    person_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    role: Mapped[str]
    period: Mapped[Period]


class LogIn(Base):
    """A session of a person, found by the digest of its token."""

    __tablename__ = "log_in"

    token_digest: Mapped[bytes] = mapped_column(primary_key=True)
    person_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    began_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    address: Mapped[str | None]


class LogInFailure(Base):
    """A failed log-in, counted for the lock-out of its account name."""

    __tablename__ = "log_in_failure"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    username: Mapped[str] = mapped_column(index=True)
    at: Mapped[Instant]
    address: Mapped[str | None]


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


class Driver(Numbered, Recorded, Base):
    """A person who drives for an organisation (驾驶员)."""

    __tablename__ = "driver"

    person_no: Mapped[int] = mapped_column(ForeignKey("person.no"), unique=True)
    licence_class: Mapped[str]
    licence_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class DriverUnit(Recorded, Base):
    """For which organisation a driver drives, for a period."""

    __tablename__ = "driver_unit"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    driver_no: Mapped[int] = mapped_column(ForeignKey("driver.no"), index=True)
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    period: Mapped[Period]


class Terminal(Numbered, Recorded, Base):
    """A positioning device (车载终端); `phone` is the digits it signs with, no leading zeros.

    `authentication` says how it proves itself: by the token it was given, or, for devices that
    never authenticate, by its number alone.
    """

    __tablename__ = "terminal"
    __table_args__ = (UniqueConstraint("protocol", "phone"),)

    protocol: Mapped[str]
    phone: Mapped[str]
    maker: Mapped[str | None]
    model: Mapped[str | None]
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    authentication: Mapped[str] = mapped_column(server_default=text("'token'"))
    token: Mapped[str | None]
    registered_at: Mapped[Instant | None]
    link_epoch: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class VehicleTerminal(Recorded, Base):
    """Which vehicle a terminal sits in, for a period; only a primary source feeds trips."""

    __tablename__ = "vehicle_terminal"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"), index=True)
    terminal_no: Mapped[int] = mapped_column(ForeignKey("terminal.no"), index=True)
    is_primary: Mapped[bool] = mapped_column(server_default=text("true"))
    period: Mapped[Period]


class BindingChange(Base):
    """From when on a vehicle's terminals were bound anew: its trips are derived again."""

    __tablename__ = "binding_change"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"))
    since: Mapped[Instant]


class JournalEntry(Base):
    """Who did what to what, and from where (留痕记录); written in the act's own transaction."""

    __tablename__ = "journal"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    at: Mapped[Instant]
    actor_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"), index=True)
    actor_name: Mapped[str]
    organisation_no: Mapped[int | None] = mapped_column(ForeignKey("organisation.no"), index=True)
    action: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[UUID | None] = mapped_column(index=True)
    before: Mapped[JsonObject | None]
    after: Mapped[JsonObject | None]
    reason: Mapped[str | None]
    address: Mapped[str | None]
