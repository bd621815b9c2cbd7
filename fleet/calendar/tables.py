"""Tables of the calendar: versions of a region's year, the days they name, and what changed."""

from datetime import date

from sqlalchemy import BigInteger, Date, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Numbered, Period, Recorded
from kit.database import Base


class CalendarVersion(Numbered, Recorded, Base):
    """One version of a region's year, in force from its import until the next."""

    __tablename__ = "calendar_version"
    __table_args__ = (UniqueConstraint("region_code", "year", "version"),)

    region_code: Mapped[str]
    year: Mapped[int]
    version: Mapped[int]
    status: Mapped[str]
    source: Mapped[str]
    period: Mapped[Period]
    imported_by_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"))


class CalendarDay(Base):
    """A day that a version names; every other day follows the region above, or the week."""

    __tablename__ = "calendar_day"

    version_no: Mapped[int] = mapped_column(ForeignKey("calendar_version.no"), primary_key=True)
    date: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str]
    name: Mapped[str | None]


class CalendarChange(Recorded, Base):
    """Days that an import made something else: what was judged by them is judged anew."""

    __tablename__ = "calendar_change"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    version_no: Mapped[int] = mapped_column(ForeignKey("calendar_version.no"))
    days: Mapped[list[date]] = mapped_column(ARRAY(Date))
