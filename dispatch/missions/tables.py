"""Tables of missions: the plan, who is named in it, and its vehicles in convoy order."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, Numbered, Period, Recorded
from kit.database import Base


class Mission(Numbered, Recorded, Base):
    """A parent of many orders (保障任务), with one plan and one approval.

    state: as it was decided; of an approved one, where it stands is told by its rides
    gather_at: when the vehicles stand at the assembly point; `period` is the mission's own
    """

    __tablename__ = "mission"

    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    plan: Mapped[str]
    purpose: Mapped[str]
    period: Mapped[Period]
    gather_at: Mapped[Instant]
    assembly_name: Mapped[str]
    assembly_latitude: Mapped[float]
    assembly_longitude: Mapped[float]
    assembly_radius_m: Mapped[int]
    state: Mapped[str] = mapped_column(index=True)
    revision: Mapped[int] = mapped_column(default=1)
    state_reason: Mapped[str | None]
    planned_by_no: Mapped[int] = mapped_column(ForeignKey("person.no"))
    submitted_at: Mapped[Instant | None]
    approved_by_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"))
    approved_at: Mapped[Instant | None]


class MissionPerson(Base):
    """Somebody who is named in a mission, and as what."""

    __tablename__ = "mission_person"

    mission_no: Mapped[int] = mapped_column(ForeignKey("mission.no"), primary_key=True)
    person_no: Mapped[int] = mapped_column(ForeignKey("person.no"), primary_key=True, index=True)
    part: Mapped[str] = mapped_column(primary_key=True)


class MissionRide(Base):
    """One vehicle of a mission: its place in the convoy, and whom it takes where.

    request_id: written once the mission is approved; its newest order is the vehicle's
    vehicle_no, driver_no: planned, and promised only by an order
    note: why no vehicle was found, or why the one planned was refused
    """

    __tablename__ = "mission_ride"
    __table_args__ = (
        UniqueConstraint(
            "mission_no",
            "position",
            name="one_vehicle_a_place",
            deferrable=True,
            initially="DEFERRED",
        ),
        UniqueConstraint("request_id"),
    )

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    mission_no: Mapped[int] = mapped_column(ForeignKey("mission.no"))
    position: Mapped[int]
    standby: Mapped[bool]
    period: Mapped[Period]
    passengers: Mapped[int]
    passenger_no: Mapped[int] = mapped_column(ForeignKey("person.no"))
    category: Mapped[str | None]
    destination_name: Mapped[str]
    destination_latitude: Mapped[float]
    destination_longitude: Mapped[float]
    request_id: Mapped[UUID | None] = mapped_column(ForeignKey("request.id"))
    vehicle_no: Mapped[int | None] = mapped_column(ForeignKey("vehicle.no"))
    driver_no: Mapped[int | None] = mapped_column(ForeignKey("driver.no"))
    note: Mapped[str | None]
