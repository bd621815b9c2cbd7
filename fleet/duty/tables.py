"""Tables of shifts, leave and the duty roster.

A row that is withdrawn before it begins keeps its period; one that ends early has its period
shortened. The journal holds what stood before.
"""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from fleet.endings import Withdrawable
from kit.columns import Numbered, Recorded
from kit.database import Base


class DutyShift(Withdrawable, Numbered, Recorded, Base):
    """When a driver is planned to be on duty (班次)."""

    __tablename__ = "duty_shift"

    driver_no: Mapped[int] = mapped_column(ForeignKey("driver.no"), index=True)
    kind: Mapped[str]


class DriverLeave(Withdrawable, Numbered, Recorded, Base):
    """When a driver is away (请假), and who approved it."""

    __tablename__ = "driver_leave"

    driver_no: Mapped[int] = mapped_column(ForeignKey("driver.no"), index=True)
    kind: Mapped[str]
    approved_by_no: Mapped[int] = mapped_column(ForeignKey("person.no"))
    reason: Mapped[str]


class RosterEntry(Withdrawable, Numbered, Recorded, Base):
    """A person or a vehicle on duty for an organisation, for a period."""

    __tablename__ = "roster_entry"
    __table_args__ = (
        CheckConstraint("num_nonnulls(person_no, vehicle_no) = 1", name="one_on_duty"),
    )

    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    kind: Mapped[str]
    person_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"), index=True)
    vehicle_no: Mapped[int | None] = mapped_column(ForeignKey("vehicle.no"), index=True)
    note: Mapped[str | None]
