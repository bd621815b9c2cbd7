"""Series of rides that return, and the request that each ride is."""

from datetime import date, time
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, JsonList, JsonObject, Recorded
from kit.database import Base


class RequestSeries(Recorded, Base):
    """A ride that returns (周期用车), asked for and approved once.

    repeats, weekdays, days_off_too, first_day, last_day, start_time, end_time, at_most: see
    `dispatch.series.recurrence.Recurrence`; days and times are those of Shanghai
    submitted_at: when it was asked for as it stands now
    """

    __tablename__ = "request_series"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    applicant_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    passenger_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    passengers: Mapped[int]
    purpose: Mapped[str]
    purpose_text: Mapped[str]
    category: Mapped[str | None]
    origin_name: Mapped[str]
    origin_latitude: Mapped[float]
    origin_longitude: Mapped[float]
    destination_name: Mapped[str]
    destination_latitude: Mapped[float]
    destination_longitude: Mapped[float]
    waypoints: Mapped[JsonList] = mapped_column(default=list, server_default=text("'[]'::jsonb"))
    round_trip: Mapped[bool]
    may_share: Mapped[bool]
    repeats: Mapped[str]
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    days_off_too: Mapped[bool]
    first_day: Mapped[date]
    last_day: Mapped[date]
    start_time: Mapped[time]
    end_time: Mapped[time]
    at_most: Mapped[int]
    state: Mapped[str] = mapped_column(index=True)
    revision: Mapped[int] = mapped_column(default=1)
    state_reason: Mapped[str | None]
    submitted_at: Mapped[Instant]
    approved_by_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"))
    approved_at: Mapped[Instant | None]


class SeriesRide(Base):
    """A ride of an approved series: a request of its own, promised in the background.

    awaits_promise: until capacity was promised or refused; alternatives: told with a refusal
    """

    __tablename__ = "series_ride"
    __table_args__ = (
        Index(
            "ix_series_ride_awaits_promise", "request_id", postgresql_where=text("awaits_promise")
        ),
    )

    series_id: Mapped[UUID] = mapped_column(ForeignKey("request_series.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("request.id"), unique=True)
    awaits_promise: Mapped[bool]
    alternatives: Mapped[JsonObject | None] = mapped_column(JSONB)
