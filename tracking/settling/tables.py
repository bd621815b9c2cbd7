"""Tables of settling."""

from datetime import date

from sqlalchemy import BigInteger, Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, Number
from kit.database import Base


class SettledDay(Base):
    """A Shanghai day whose partition is settled: how many positions, and repeats taken out so far.

    late_since: since when further rows lie in it; it will be settled anew
    raw_left: rows that kept their raw body, held ones, when that of the others had its time; None
        as long as nothing was erased
    """

    __tablename__ = "settled_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    settled_at: Mapped[Instant]
    positions: Mapped[Number]
    repeats: Mapped[Number]
    late_since: Mapped[Instant | None]
    raw_left: Mapped[int | None] = mapped_column(BigInteger)


class SettlingProgress(Base):
    """The last batch of each writer that was searched for rows of settled days."""

    __tablename__ = "settling_progress"

    writer_no: Mapped[int] = mapped_column(ForeignKey("position_writer.no"), primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)
