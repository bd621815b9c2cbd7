"""What the API says about series. Days and times of day are those of Shanghai."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from dispatch.capacity.schemas import AlternativesOut
from dispatch.capacity.words import ReservationState
from dispatch.requests.schemas import RideWish
from dispatch.requests.states import RequestState
from dispatch.schemas import NamedRef, PeriodOut, Revision, Sent, StayWaypoint, Text, Waypoint
from dispatch.series.states import SeriesState
from dispatch.series.words import NoRide, Repeats
from dispatch.words import Purpose
from fleet.words import Category

MOST_RIDES = 180

SeriesStepName = Literal["approve", "send_back", "reject", "withdraw", "end"]


# Without an offset, which the format "time" of JSON Schema would ask for.
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
DayIn = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 1, 1))]
Weekday = Annotated[int, Field(ge=1, le=7)]


class SeriesIn(RideWish):
    """A ride that returns, as an applicant asks for it; a missing passenger is the applicant.

    repeats: `workdays` by the calendar, weekends worked in a holiday's place among them; `daily`;
    `weekly` on `weekdays`, 1 is Monday
    days_off_too: whether daily and weekly rides also fall on days that the calendar takes off
    end_time: on the next day where it isn't later than start_time
    at_most: after so many rides the series ends, also before last_day
    """

    repeats: Repeats
    weekdays: Annotated[tuple[Weekday, ...], Field(max_length=7)] = ()
    days_off_too: bool = False
    first_day: DayIn
    last_day: DayIn
    start_time: TimeOfDay
    end_time: TimeOfDay
    at_most: Annotated[int, Field(ge=1, le=MOST_RIDES)] = MOST_RIDES


class SeriesChangeIn(SeriesIn):
    """A series that isn't approved yet, written anew by somebody who has read this revision."""

    revision: Revision


class SeriesStepIn(Sent):
    """An action on a series, by somebody who has read this revision."""

    revision: Revision
    reason: Text | None = None


class SeriesItem(BaseModel):
    """A series (周期用车) as lists show it; `actions` are legal for the actor now.

    rides: how many requests it has become; promised, refused: how many of them got capacity, and
    how many did not
    """

    id: UUID
    state: SeriesState
    revision: int
    unit: NamedRef
    applicant: NamedRef
    passenger: NamedRef
    passengers: int
    purpose: Purpose
    purpose_text: str
    category: Category | None
    origin: Waypoint
    destination: Waypoint
    waypoints: list[StayWaypoint]
    round_trip: bool
    may_share: bool
    repeats: Repeats
    weekdays: list[int]
    days_off_too: bool
    first_day: date
    last_day: date
    start_time: TimeOfDay
    end_time: TimeOfDay
    at_most: int
    state_reason: str | None
    submitted_at: datetime
    approved_by: NamedRef | None
    approved_at: datetime | None
    rides: int
    promised: int
    refused: int
    actions: list[str]
    recorded_at: datetime


class SeriesRideOut(BaseModel):
    """A ride of a series; without a request until the series is approved.

    awaits_promise: whether it is still to be promised capacity, or to be refused it
    reservation: what became of that
    alternatives: what could be done instead where none was left
    day_off: the name of the day where the calendar takes it off by now; `""` for one without a name
    """

    day: date
    period: PeriodOut
    request_id: UUID | None = None
    state: RequestState | None = None
    revision: int | None = None
    awaits_promise: bool = False
    reservation: ReservationState | None = None
    alternatives: AlternativesOut | None = None
    day_off: str | None = None


class LeftOutDay(BaseModel):
    """A day that the series names, on which there is no ride; name: of the festival."""

    day: date
    why: NoRide
    name: str | None


class SeriesDetail(SeriesItem):
    """A series with all its rides by day, and the named days that have none."""

    all_rides: list[SeriesRideOut]
    left_out: list[LeftOutDay]


class SeriesPage(BaseModel):
    """A page of series, newest first."""

    items: list[SeriesItem]
    next_cursor: str | None
