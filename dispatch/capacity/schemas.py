"""What the API says about reservations. Times are RFC 3339 with offset."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from dispatch.capacity.words import ReservationState
from dispatch.schemas import NamedRef, PeriodOut, Revision, Sent, Text
from fleet.words import Category, Energy, Holding
from kit.web import InstantIn


class ReservationIn(Sent):
    """A vehicle of a type to promise, by somebody who has read this revision of the request.

    organisation_id: whose vehicles are meant; without one the first that has any, in the order of
    use. Without category or energy any serves that the rules allow, without holding all but rental.
    """

    revision: Revision
    organisation_id: UUID | None = None
    category: Category | None = None
    energy: Energy | None = None
    holding: Holding | None = None
    reason: Text | None = None


class ReleaseIn(Sent):
    """Why a promise is taken back, by somebody who has read this revision of the request."""

    revision: Revision
    reason: Text


class TimesIn(Sent):
    """Other times of a ride, as agreed with its passengers, and why."""

    revision: Revision
    start: InstantIn
    end: InstantIn
    reason: Text


class ReservationOut(BaseModel):
    """What a request was promised (预留).

    organisation: whose vehicles; period: what it takes of one, with the ways and the turnaround
    sharing: whether the passengers agree to share
    """

    id: UUID
    request_id: UUID
    state: ReservationState
    organisation: NamedRef
    category: Category | None
    energy: Energy | None
    holding: Holding | None
    sharing: bool
    ride: PeriodOut
    period: PeriodOut
    made_by: NamedRef | None
    automatic: bool
    order_id: UUID | None
    ended_at: datetime | None
    reason: str | None
    recorded_at: datetime


class ReservationPage(BaseModel):
    """A page of reservations, the last made first."""

    items: list[ReservationOut]
    next_cursor: str | None


class OtherTime(BaseModel):
    """A time at which the pool surely has a vehicle."""

    start: datetime
    end: datetime


class OtherPool(BaseModel):
    """An organisation that has a vehicle, of any type, in the period.

    holding: where only such are meant
    """

    organisation: NamedRef
    holding: Holding | None


class ToShareWith(BaseModel):
    """A promised ride of about the same time; `agreed`: whether this request's passengers share."""

    request_id: UUID
    start: datetime
    end: datetime
    origin: str
    destination: str
    passengers: int
    agreed: bool


class AlternativesOut(BaseModel):
    """What could be done instead; each part is empty where there is nothing."""

    other_times: list[OtherTime]
    other_pools: list[OtherPool]
    rental: list[OtherPool]
    to_share_with: list[ToShareWith]


class EndangeredOut(BaseModel):
    """A promise that can't be kept as things stand; the first that breaks comes first."""

    reservation: ReservationOut
    sentence: str


class EndangeredList(BaseModel):
    """All promises of a pool that can't be kept as things stand; one page holds them all."""

    items: list[EndangeredOut]
    next_cursor: str | None = None
