"""The table of departure checks."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, JsonList, Recorded
from kit.database import Base


class DepartureCheck(Recorded, Base):
    """What a driver found before departure (出车检查); never changed, a later one counts.

    outage_no: the defect that was entered because of it
    """

    __tablename__ = "departure_check"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"), index=True)
    checked_by_no: Mapped[int] = mapped_column(ForeignKey("person.no"))
    checked_at: Mapped[Instant]
    items: Mapped[JsonList]
    passed: Mapped[bool]
    note: Mapped[str | None]
    outage_no: Mapped[int | None] = mapped_column(ForeignKey("outage.no"))
