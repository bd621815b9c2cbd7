"""Tables of tracking. `position` itself stands in the first migration and in `store.py` only:
everybody else reads the view `positions_once`, in which a repeated position is one row.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, Date, ForeignKey, Integer, LargeBinary, text
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, JsonObject, Number, Period, Recorded
from kit.database import Base
from tracking.quality.tables import QualityDue as QualityDue
from tracking.quality.tables import QualityProgress as QualityProgress
from tracking.quality.tables import TerminalDay as TerminalDay
from tracking.redecoding.tables import SupersededReading as SupersededReading
from tracking.settling.tables import SettledDay as SettledDay
from tracking.settling.tables import SettlingProgress as SettlingProgress


class PositionWriter(Base):
    """A process that commits positions; its batches are numbered without gaps."""

    __tablename__ = "position_writer"

    no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    name: Mapped[str]
    began_at: Mapped[Instant]
    last_n: Mapped[Number] = mapped_column(server_default=text("0"))


class PositionBatch(Base):
    """One commit of positions: which terminals it touched, and between which times (UTC).

    `terminal_nos`, `first_times` and `last_times` have equal length, one entry a terminal.
    """

    __tablename__ = "position_batch"

    writer_no: Mapped[int] = mapped_column(ForeignKey("position_writer.no"), primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    committed_at: Mapped[Instant] = mapped_column(server_default=text("now()"), index=True)
    positions: Mapped[int]
    terminal_nos: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    first_times: Mapped[list[float]] = mapped_column(ARRAY(DOUBLE_PRECISION))
    last_times: Mapped[list[float]] = mapped_column(ARRAY(DOUBLE_PRECISION))


class QuarantinedFrame(Base):
    """A frame that could not become a known terminal's position, kept as it came."""

    __tablename__ = "quarantined_frame"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    received_at: Mapped[Instant] = mapped_column(index=True)
    protocol: Mapped[str]
    phone: Mapped[str | None] = mapped_column(index=True)
    address: Mapped[str]
    reason: Mapped[str]
    raw: Mapped[bytes] = mapped_column(LargeBinary)


class UnknownTerminal(Base):
    """A terminal that speaks but stands in no register."""

    __tablename__ = "unknown_terminal"

    protocol: Mapped[str] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    first_seen_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    address: Mapped[str]
    frames: Mapped[Number]
    claimed_plate: Mapped[str | None]


class PartitionLease(Base):
    """Who owns a vehicle partition until when; the epoch grows with every change of owner."""

    __tablename__ = "partition_lease"

    partition: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    owner: Mapped[str | None]
    epoch: Mapped[Number] = mapped_column(server_default=text("0"))
    expires_at: Mapped[Instant | None]


class PartitionProgress(Base):
    """The last batch of each writer whose results a partition's owner has committed."""

    __tablename__ = "partition_progress"

    partition: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    writer_no: Mapped[int] = mapped_column(ForeignKey("position_writer.no"), primary_key=True)
    n: Mapped[Number]


class TripCheckpoint(Base):
    """The trip machine's state after a position: late data replay from the last one before."""

    __tablename__ = "trip_checkpoint"

    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"), primary_key=True)
    time: Mapped[Instant] = mapped_column(primary_key=True)
    digest: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    state: Mapped[JsonObject]


class Trip(Recorded, Base):
    """One version of a trip (行程); superseded by a later one, never changed.

    `offsets_s` are seconds after the start, one a position; `pair_m` the metres between each
    position and the one before it, so it is one shorter. `distance_m` is the sum of `pair_m`.
    """

    __tablename__ = "trip"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"), index=True)
    organisation_no: Mapped[int | None] = mapped_column(ForeignKey("organisation.no"), index=True)
    period: Mapped[Period]
    start_latitude: Mapped[float]
    start_longitude: Mapped[float]
    end_latitude: Mapped[float]
    end_longitude: Mapped[float]
    distance_m: Mapped[int]
    odometer_m: Mapped[int | None]
    max_speed_kmh: Mapped[float]
    gaps: Mapped[int]
    offsets_s: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    pair_m: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    superseded_at: Mapped[Instant | None]
    superseded_by: Mapped[UUID | None]


class Stop(Recorded, Base):
    """One version of a stop (停留); an open end means that the vehicle still stands there."""

    __tablename__ = "stop"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"), index=True)
    period: Mapped[Period]
    latitude: Mapped[float]
    longitude: Mapped[float]
    superseded_at: Mapped[Instant | None]


class ChangedDay(Base):
    """A vehicle's Shanghai day whose trips, orders or filings changed: audit settles it anew."""

    __tablename__ = "changed_day"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    vehicle_no: Mapped[int] = mapped_column(ForeignKey("vehicle.no"))
    day: Mapped[date] = mapped_column(Date)
    cause: Mapped[str]
