"""What the API says about dispatch. Coordinates are WGS-84, times RFC 3339 with offset."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from dispatch.automatic.schemas import AutoDispatchNoteOut
from dispatch.orders.states import OrderAction, OrderState
from dispatch.requests.states import RequestState
from dispatch.words import FilingKind, OrderKind, Purpose, ServiceKind
from fleet.words import Category
from kit.web import InstantIn

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
OdometerM = Annotated[int, Field(ge=0, le=2_000_000_000)]

RequestStepName = Literal["submit", "approve", "send_back", "reject", "withdraw", "cancel"]
# What changes vehicle, driver or end has a body of its own.
OrderStepName = Literal[
    "accept",
    "depart",
    "arrive",
    "start_return",
    "return",
    "confirm",
    "accept_back",
    "cancel",
    "undo",
    "no_show",
    "breakdown",
    "interrupt",
]


class Sent(BaseModel):
    """A body that a client sends: unknown fields are refused, so that a typo is seen."""

    model_config = ConfigDict(extra="forbid")


class NamedRef(BaseModel):
    """An organisation, person or driver by name."""

    id: UUID
    name: str


class PlateRef(BaseModel):
    """A vehicle by plate."""

    id: UUID
    plate: str


class PeriodOut(BaseModel):
    """A half-open period."""

    start: datetime
    end: datetime | None


class Waypoint(BaseModel):
    """A planned place of a ride."""

    name: ShortText
    latitude: Latitude
    longitude: Longitude


class StepOut(BaseModel):
    """One step of a request."""

    action: str
    from_state: str
    to_state: str
    actor: NamedRef | None
    at: datetime
    reason: str | None


class RequestIn(Sent):
    """What an applicant asks for; a missing passenger is the applicant."""

    organisation_id: UUID | None = None
    passenger_id: UUID | None = None
    passengers: Annotated[int, Field(ge=1, le=200)]
    purpose: Purpose
    purpose_text: Text
    category: Category | None = None
    start: InstantIn
    end: InstantIn
    origin: Waypoint
    destination: Waypoint
    round_trip: bool = True
    may_share: bool = False
    draft: bool = False
    outside_map: bool = False
    """That a place outside the map in use is meant; times are estimated by straight line then."""


class OrderBrief(BaseModel):
    """The order that serves a request."""

    id: UUID
    state: OrderState
    vehicle: PlateRef | None
    driver: NamedRef | None


class RequestItem(BaseModel):
    """A request (用车申请) as lists show it; `actions` are legal for the actor now.

    promised_pickup_at: what the passenger was told, None where nothing holds
    auto_dispatch: what auto-dispatch decided last about it; None where it has not looked at it
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
    round_trip: bool
    may_share: bool
    state_reason: str | None
    promised_pickup_at: datetime | None
    auto_dispatch: AutoDispatchNoteOut | None = None
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
    """A request with its history; `allowance` is null for a draft."""

    steps: list[StepOut]
    allowance: AllowanceAnswer | None


class RequestPage(BaseModel):
    """A page of requests, newest first."""

    items: list[RequestItem]
    next_cursor: str | None


class StepIn(Sent):
    """An action on a request, by somebody who has read this revision."""

    revision: int
    reason: Text | None = None


class AssignmentIn(Sent):
    """The dispatcher's choice for a request."""

    vehicle_id: UUID
    driver_id: UUID
    suggestion_id: UUID | None = None
    revision: int
    reason: Text | None = None


class OrderStepOut(StepOut):
    """One step of an order; `at` is the time of the tap, `recorded_at` that of its arrival."""

    recorded_at: datetime
    odometer_m: int | None
    latitude: float | None
    longitude: float | None


class SlipRef(BaseModel):
    """The slip of an order."""

    id: UUID
    number_text: str
    void_at: datetime | None


class ServedRequest(BaseModel):
    """What an order tells of a request that it serves."""

    id: UUID
    purpose: Purpose
    purpose_text: str
    passengers: int
    origin: Waypoint
    destination: Waypoint
    passenger: NamedRef
    period: PeriodOut


class OrderRunOut(BaseModel):
    """A part of an order that one vehicle and one driver drove; `end` is None while they do."""

    vehicle: PlateRef | None
    driver: NamedRef | None
    start: datetime
    end: datetime | None
    odometer_out_m: int | None
    odometer_in_m: int | None


class OrderItem(BaseModel):
    """An order (派车任务); `actions` are legal for the actor now.

    runs: who drove which vehicle when; more than one after a swap on the road
    promised_pickup_at: what the passengers were told, the latest of them; None where nothing holds
    """

    id: UUID
    kind: OrderKind
    state: OrderState
    revision: int
    unit: NamedRef
    issuer: NamedRef
    vehicle: PlateRef | None
    driver: NamedRef | None
    dispatcher: NamedRef
    period: PeriodOut
    cross_unit: bool
    service_kind: ServiceKind | None
    departed_at: datetime | None
    returned_at: datetime | None
    odometer_out_m: int | None
    odometer_in_m: int | None
    no_show_at: datetime | None
    promised_pickup_at: datetime | None
    slip: SlipRef | None
    runs: list[OrderRunOut]
    requests: list[ServedRequest]
    steps: list[OrderStepOut]
    actions: list[OrderAction]


class OrderPage(BaseModel):
    """A page of orders, newest first."""

    items: list[OrderItem]
    next_cursor: str | None


class TapIn(Sent):
    """A step of an order; an offline tap carries its own time."""

    revision: int | None = None
    tapped_at: InstantIn | None = None
    odometer_m: OdometerM | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    reason: Text | None = None


class _ChangeIn(Sent):
    """A change of an order, by somebody who has read this revision; why is kept and told.

    override: whether a dispatcher overrides what rules say against it, for the same reason
    """

    revision: int
    reason: Text
    override: bool = False


class ReassignIn(_ChangeIn):
    """Another vehicle, another driver, or both, before departure (改派).

    pickup_at: what the passenger is told, where it is known better than by a suggestion
    """

    vehicle_id: UUID | None = None
    driver_id: UUID | None = None
    suggestion_id: UUID | None = None
    pickup_at: InstantIn | None = None


class SwapVehicleIn(_ChangeIn):
    """Another vehicle (换车), also on the road.

    odometer_m, left_odometer_m: of the vehicle that takes over, and of the one that is left
    """

    vehicle_id: UUID
    driver_id: UUID | None = None
    suggestion_id: UUID | None = None
    pickup_at: InstantIn | None = None
    odometer_m: OdometerM | None = None
    left_odometer_m: OdometerM | None = None


class SwapDriverIn(_ChangeIn):
    """Another driver (换驾), also on the road."""

    driver_id: UUID


class ExtendIn(_ChangeIn):
    """A later end (延时)."""

    end: InstantIn


class ServiceOrderIn(Sent):
    """An order for a vehicle's own needs (车务派车)."""

    kind: Literal["service"]
    service_kind: ServiceKind
    vehicle_id: UUID
    driver_id: UUID
    start: InstantIn
    end: InstantIn
    reason: Text


class SlipItem(BaseModel):
    """One printed item of a slip."""

    key: str
    label: str
    text: str


class AmendmentOut(BaseModel):
    """A change (变更) of one item after the slip was issued."""

    number: int
    action: str
    item: str
    label: str
    was: str
    becomes: str
    by: str
    at: datetime
    reason: str | None


class SlipOut(BaseModel):
    """A slip's content: the 19 items as issued, who issued it, and what was changed since."""

    id: UUID
    number_text: str
    issuer: str
    dispatcher: str
    cross_unit: bool
    issued_at: datetime
    void_at: datetime | None
    void_reason: str | None
    items: list[SlipItem]
    amendments: list[AmendmentOut]


class FilingIn(Sent):
    """A statement that explains a vehicle's absence or use in a period (报备)."""

    vehicle_id: UUID
    kind: FilingKind
    start: InstantIn
    end: InstantIn
    reason: Text
    place_name: ShortText | None = None


class FilingItem(BaseModel):
    """A filing; it explains only once accepted and not withdrawn."""

    id: UUID
    state: Literal["filed", "accepted", "withdrawn"]
    vehicle: PlateRef
    unit: NamedRef
    kind: FilingKind
    period: PeriodOut
    reason: str
    place_name: str | None
    filed_by: NamedRef
    accepted_by: NamedRef | None
    accepted_at: datetime | None
    withdrawn_at: datetime | None


class FilingPage(BaseModel):
    """A page of filings, newest first."""

    items: list[FilingItem]
    next_cursor: str | None


class PurposeItem(BaseModel):
    """A purpose (用车事由) by code and label."""

    code: Purpose
    label: str


class PurposePage(BaseModel):
    """The code list of purposes."""

    items: list[PurposeItem]
    next_cursor: str | None = None
