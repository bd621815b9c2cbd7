"""What the API says about requests."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dispatch.automatic.schemas import AutoDispatchNoteOut
from dispatch.orders.states import OrderState
from dispatch.requests.states import RequestState
from dispatch.schemas import (
    NamedRef,
    PeriodOut,
    PlateRef,
    Revision,
    Sent,
    StayWaypoint,
    StepOut,
    Text,
    Waypoint,
)
from dispatch.words import Purpose
from fleet.words import Category
from kit.web import InstantIn

RequestSort = Literal["newest", "urgency"]
RequestStepName = Literal["submit", "approve", "send_back", "reject", "withdraw", "cancel"]


class RideWish(Sent):
    """What an applicant asks for whenever the ride is; a missing passenger is the applicant."""

    organisation_id: UUID | None = None
    passenger_id: UUID | None = None
    passengers: Annotated[int, Field(ge=1, le=200)]
    purpose: Purpose
    purpose_text: Text
    category: Category | None = None
    origin: Waypoint
    destination: Waypoint
    waypoints: Annotated[tuple[StayWaypoint, ...], Field(max_length=8)] = ()
    """Where the ride calls between origin and destination, in order, and how long it stays."""
    round_trip: bool = True
    may_share: bool = False
    outside_map: bool = False
    """That a place outside the map in use is meant; times are estimated by straight line then."""


class RequestIn(RideWish):
    """What an applicant asks for, once."""

    start: InstantIn
    end: InstantIn
    draft: bool = False


class OrderBrief(BaseModel):
    """The order that serves a request."""

    id: UUID
    state: OrderState
    vehicle: PlateRef | None
    driver: NamedRef | None


class RequestItem(BaseModel):
    """A request (用车申请) as lists show it; `actions` are legal for the actor now.

    pickup: where the passengers wait: the origin, unless an earlier vehicle broke down with them
    promised_pickup_at: what the passenger was told, None where nothing holds
    auto_dispatch: what auto-dispatch decided last about it; None where it has not looked at it
    series_id: of the series (周期用车) with which it was approved; None for a ride by itself
    """

    id: UUID
    state: RequestState
    revision: int
    unit: NamedRef
    applicant: NamedRef
    passenger: NamedRef
    passengers: int
    purpose: Purpose
    purpose_text: str
    category: Category | None
    period: PeriodOut
    origin: Waypoint
    destination: Waypoint
    pickup: Waypoint
    waypoints: list[StayWaypoint]
    round_trip: bool
    may_share: bool
    state_reason: str | None
    promised_pickup_at: datetime | None
    auto_dispatch: AutoDispatchNoteOut | None = None
    series_id: UUID | None = None
    order: OrderBrief | None
    actions: list[str]
    recorded_at: datetime


class AllowanceAnswer(BaseModel):
    """What the transport allowance (公务交通补贴) said of a request when it was last submitted.

    inside_area: whether the ride begins and ends in the allowance area; null: no area is said
    draws_allowance: whether the passenger draws the allowance; null: nobody has written it
    rule_version, area_version: of the lists of purposes and places by which it was answered
    """

    inside_area: bool | None
    draws_allowance: bool | None
    purpose_listed: bool
    allowed: bool
    sentence: str
    rule_version: int
    area_version: int
    answered_at: datetime


class RequestDetail(RequestItem):
    """A request with its history; `allowance` is null for a draft.

    way_m: how long its way is, by its waypoints and back, estimated by the straight line
    """

    way_m: int
    steps: list[StepOut]
    allowance: AllowanceAnswer | None


class RequestPage(BaseModel):
    """A page of requests, newest or most urgent first."""

    items: list[RequestItem]
    next_cursor: str | None


class StepIn(Sent):
    """An action on a request, by somebody who has read this revision."""

    revision: Revision
    reason: Text | None = None


class AssignmentIn(Sent):
    """The dispatcher's choice for a request.

    reason: why this one, where it isn't the suggestion's first
    override: whether what the rules say against it is overridden, for the same reason
    """

    vehicle_id: UUID
    driver_id: UUID
    suggestion_id: UUID | None = None
    revision: Revision
    reason: Text | None = None
    override: bool = False


class PurposeItem(BaseModel):
    """A purpose (用车事由) by code and label."""

    code: Purpose
    label: str


class PurposePage(BaseModel):
    """The code list of purposes."""

    items: list[PurposeItem]
    next_cursor: str | None = None
