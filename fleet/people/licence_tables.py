"""The table of driving licences, as they were at any time."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Period, Recorded
from kit.database import Base


class DriverLicence(Recorded, Base):
    """Which licence a driver held, for a period; `licence_until` is printed on it."""

    __tablename__ = "driver_licence"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    driver_no: Mapped[int] = mapped_column(ForeignKey("driver.no"), index=True)
    licence_class: Mapped[str]
    licence_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    period: Mapped[Period]
