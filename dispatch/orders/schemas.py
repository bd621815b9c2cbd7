"""What the API says about orders, and what it takes."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dispatch.orders.states import OrderAction, OrderState
from dispatch.schemas import (
    Latitude,
    Longitude,
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
from dispatch.words import OrderKind, Purpose, ServiceKind
from kit.web import InstantIn

OdometerM = Annotated[int, Field(ge=0, le=2_000_000_000)]

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
    """What an order tells of a request that it serves.

    pickup: where the passengers wait: the origin, unless an earlier vehicle broke down with them
    """

    id: UUID
    purpose: Purpose
    purpose_text: str
    passengers: int
    origin: Waypoint
    destination: Waypoint
    pickup: Waypoint
    waypoints: list[StayWaypoint]
    passenger: NamedRef
    period: PeriodOut


class CallOut(BaseModel):
    """A call of a shared order (停靠): whom it picks up or sets down, where and when.

    is_return: on the way back of a ride there and back
    """

    request_id: UUID
    is_pick_up: bool
    is_return: bool
    place: Waypoint
    passengers: int
    at: datetime


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
    promised_pickup_at: what the passengers were told, the first of them; None where nothing holds
    calls: where a shared vehicle calls, in order, of those whom the actor sees; else empty
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
    calls: list[CallOut]
    steps: list[OrderStepOut]
    actions: list[OrderAction]


class OrderPage(BaseModel):
    """A page of orders, newest first."""

    items: list[OrderItem]
    next_cursor: str | None


class TapIn(Sent):
    """A step of an order; an offline tap carries its own time.

    request_id: of a shared order, whose passenger did not come (`no_show`); the others ride on
    """

    revision: Revision | None = None
    tapped_at: InstantIn | None = None
    odometer_m: OdometerM | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    reason: Text | None = None
    request_id: UUID | None = None


class ChangeIn(Sent):
    """A change of an order, by somebody who has read this revision; why is kept and told.

    override: whether a dispatcher overrides what rules say against it, for the same reason
    """

    revision: Revision
    reason: Text
    override: bool = False


class ReassignIn(ChangeIn):
    """Another vehicle, another driver, or both, before departure (改派).

    pickup_at: what the passenger is told, where it is known better than by a suggestion
    """

    vehicle_id: UUID | None = None
    driver_id: UUID | None = None
    suggestion_id: UUID | None = None
    pickup_at: InstantIn | None = None


class SwapVehicleIn(ChangeIn):
    """Another vehicle (换车), also on the road.

    odometer_m, left_odometer_m: of the vehicle that takes over, and of the one that is left
    """

    vehicle_id: UUID
    driver_id: UUID | None = None
    suggestion_id: UUID | None = None
    pickup_at: InstantIn | None = None
    odometer_m: OdometerM | None = None
    left_odometer_m: OdometerM | None = None


class SwapDriverIn(ChangeIn):
    """Another driver (换驾), also on the road."""

    driver_id: UUID


class ExtendIn(ChangeIn):
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
