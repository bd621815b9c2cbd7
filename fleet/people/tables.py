"""Tables of people, their dated roles, and drivers."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, Numbered, Period, Recorded
from kit.database import Base


class Person(Numbered, Recorded, Base):
    """Somebody with an account: applicant, approver, dispatcher, driver, officer."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_sort_key_id", "sort_key", "id"),)

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


class Driver(Numbered, Recorded, Base):
    """A person who drives for an organisation (驾驶员).

    The licence is the one last written; `driver_licence` holds each with its period. The ID number
    is kept sealed, with a keyed digest by which equal ones are found, and its last four characters.
    """

    __tablename__ = "driver"

    person_no: Mapped[int] = mapped_column(ForeignKey("person.no"), unique=True)
    licence_class: Mapped[str]
    licence_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    id_number_sealed: Mapped[bytes | None]
    id_number_index: Mapped[bytes | None] = mapped_column(index=True)
    id_number_tail: Mapped[str | None]


class DriverUnit(Recorded, Base):
    """For which organisation a driver drives, for a period."""

    __tablename__ = "driver_unit"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    driver_no: Mapped[int] = mapped_column(ForeignKey("driver.no"), index=True)
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    period: Mapped[Period]
