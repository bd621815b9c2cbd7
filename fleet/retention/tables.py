"""Tables of retention: rules by date, runs, what is erased already, and legal holds."""

from datetime import date

from sqlalchemy import BigInteger, Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, JsonObject, Numbered, Period, Recorded
from kit.database import Base


class RetentionRule(Recorded, Base):
    """For how many days a kind of data is kept, for a period; without a row, the default."""

    __tablename__ = "retention_rule"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    kind: Mapped[str]
    keep_days: Mapped[int]
    period: Mapped[Period]
    set_by_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"))


class RetentionRun(Base):
    """The run of a Shanghai day: whoever writes its row does the work."""

    __tablename__ = "retention_run"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    began_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    results: Mapped[JsonObject]


class RetentionHorizon(Base):
    """Up to when a kind of data has been erased: nothing older may be derived anew."""

    __tablename__ = "retention_horizon"

    kind: Mapped[str] = mapped_column(primary_key=True)
    before: Mapped[Instant]


class Hold(Numbered, Recorded, Base):
    """A legal hold (证据保全): what a case or letter keeps from erasure until it is released.

    It holds a vehicle's data in a period, or a person's.
    """

    __tablename__ = "hold"

    case_number: Mapped[str]
    reason: Mapped[str]
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    vehicle_no: Mapped[int | None] = mapped_column(ForeignKey("vehicle.no"), index=True)
    person_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"), index=True)
    period: Mapped[Period]
    placed_by_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"))
    placed_at: Mapped[Instant]
    released_by_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"))
    released_at: Mapped[Instant | None]
