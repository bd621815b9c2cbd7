"""The table of outages.

A row that is withdrawn before it begins keeps its period; one that ends early has its period
shortened. The journal holds what stood before.
"""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from fleet.endings import Withdrawable
from kit.columns import Numbered, Recorded
from kit.database import Base


class Outage(Withdrawable, Numbered, Recorded, Base):
    """When a vehicle may not be used (停用); without an end until somebody ends it."""

    __tablename__ = "outage"

    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"), index=True)
    kind: Mapped[str]
    reason: Mapped[str]
    recorded_by_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"))
