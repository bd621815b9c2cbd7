"""Tables of audit. A figure here is a sum of the integers that trips carry, and says which."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, Date, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, JsonList, JsonObject, Period, Recorded
from kit.database import Base


class RuleVersion(Recorded, Base):
    """One version of an audit rule's thresholds, in force for a period."""

    __tablename__ = "rule_version"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    period: Mapped[Period]
    thresholds: Mapped[JsonObject]


class ExplainedDay(Recorded, Base):
    """A vehicle's Shanghai day: driven = ordered + service + filed + unexplained, in metres."""

    __tablename__ = "explained_day"

    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"), primary_key=True)
    organisation_no: Mapped[int] = mapped_column(
        ForeignKey("organisation.no"), primary_key=True, index=True
    )
    day: Mapped[date] = mapped_column(Date, primary_key=True, index=True)
    driven_m: Mapped[int]
    ordered_m: Mapped[int]
    service_m: Mapped[int]
    filed_m: Mapped[int]
    unexplained_m: Mapped[int]
    parts: Mapped[JsonList]


class Finding(Recorded, Base):
    """An unproved discrepancy found by a rule (疑点), with figures and counter-evidence."""

    __tablename__ = "finding"
    __table_args__ = (
        Index(
            "uq_finding_current",
            "rule",
            "vehicle_no",
            "subject",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(index=True)
    rule_version_id: Mapped[UUID] = mapped_column(ForeignKey("rule_version.id"))
    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"), index=True)
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    subject: Mapped[str]
    day: Mapped[date] = mapped_column(Date, index=True)
    period: Mapped[Period]
    trip_id: Mapped[UUID | None] = mapped_column(ForeignKey("trip.id"))
    figures: Mapped[JsonObject]
    counter_evidence: Mapped[JsonList]
    state: Mapped[str]
    superseded_at: Mapped[Instant | None]
    superseded_by: Mapped[UUID | None]


class NightProgress(Base):
    """The last night that has been looked at for every vehicle."""

    __tablename__ = "night_progress"

    only: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    night: Mapped[date] = mapped_column(Date)
