"""Tables of data quality."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant
from kit.database import Base


class TerminalDay(Base):
    """The figures of one terminal's Shanghai day, as `figures.py` counts them."""

    __tablename__ = "terminal_day"

    id: Mapped[UUID] = mapped_column(unique=True)
    terminal_no: Mapped[int] = mapped_column(ForeignKey("terminal.no"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True, index=True)
    positions: Mapped[int]
    repeats: Mapped[int]
    doubtful: Mapped[int]
    backfilled: Mapped[int]
    no_fix: Mapped[int]
    zero_island: Mapped[int]
    impossible_coordinates: Mapped[int]
    time_unreadable: Mapped[int]
    future: Mapped[int]
    stale: Mapped[int]
    encrypted: Mapped[int]
    outside_region: Mapped[int]
    rollover_repaired: Mapped[int]
    online_s: Mapped[int]
    moving: Mapped[int]
    missing: Mapped[int]
    parked: Mapped[int]
    drifting: Mapped[int]
    jumps: Mapped[int]
    interval_s: Mapped[float | None]
    clock_offset_s: Mapped[float | None]
    counted_at: Mapped[Instant]


class QualityDue(Base):
    """A terminal's day that rows have touched since it was counted."""

    __tablename__ = "quality_due"

    terminal_no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(Date, primary_key=True)


class QualityProgress(Base):
    """The last batch of each writer that was read for what it touched."""

    __tablename__ = "quality_progress"

    writer_no: Mapped[int] = mapped_column(ForeignKey("position_writer.no"), primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)
