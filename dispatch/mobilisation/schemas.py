"""What the API says of mobilisations. Coordinates are WGS-84, times RFC 3339 with offset."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from dispatch.mobilisation.words import SignatureProof
from dispatch.orders.schemas import OdometerM
from dispatch.orders.states import OrderState
from dispatch.schemas import NamedRef, PlateRef, Sent, ShortText, Text, Waypoint
from fleet.identity.schemas import AnyCode, Password
from fleet.words import Category, Holding
from kit.web import InstantIn

MOST_AT_ONCE = 100
Level = Annotated[int, Field(ge=1, le=4, description="Response level Ⅰ (the highest) to Ⅳ")]
Passengers = Annotated[int, Field(ge=1, le=200)]


class SignatureIn(Sent):
    """What is signed, and the proof that its signer is there: password, and code where in use."""

    statement: Text
    password: Password | None = None
    code: AnyCode | None = None


class MobilisationIn(SignatureIn):
    """A call-up of all vehicles of an organisation and those below it, by response level.

    basis: the plan, order or report on which it rests
    """

    organisation_id: UUID
    level: Level
    name: ShortText
    basis: Text


class SignatureOut(BaseModel):
    """Who signed what and when, and how they proved to be themselves."""

    by: NamedRef
    at: datetime
    statement: str
    proof: SignatureProof


class MobilisationItem(BaseModel):
    """A mobilisation as lists show it; `end` is null while it is in force."""

    id: UUID
    organisation: NamedRef
    level: Level
    name: str
    basis: str
    start: datetime
    end: datetime | None
    started: SignatureOut
    ended: SignatureOut | None


class MobilisationPage(BaseModel):
    """A page of mobilisations, newest first."""

    items: list[MobilisationItem]
    next_cursor: str | None


class MobilisationDetail(MobilisationItem):
    """A mobilisation with what it has called up and what came of it.

    vehicles: how many each holding has in the units that are called up
    open_orders: of `orders`, those that are not done; overdue: back-entries made too late
    """

    units: int
    vehicles: dict[Holding, int]
    orders: int
    open_orders: int
    back_entries: int
    overdue: int


class CalledUpVehicle(BaseModel):
    """A vehicle that is called up, whatever its holding."""

    vehicle: PlateRef
    unit: NamedRef
    holding: Holding


class CalledUpPage(BaseModel):
    """A page of vehicles that are called up, by plate."""

    items: list[CalledUpVehicle]
    next_cursor: str | None


class MobilisedOrder(BaseModel):
    """An order made under a mobilisation.

    back_entry_due_at: null where it was made before its departure
    overdue: whether it was entered after that, which is a lead for audit
    """

    order_id: UUID
    slip: str | None
    state: OrderState
    vehicle: PlateRef | None
    driver: NamedRef | None
    start: datetime
    end: datetime
    entered_at: datetime
    back_entry_due_at: datetime | None
    overdue: bool


class MobilisedOrderPage(BaseModel):
    """A page of orders made under a mobilisation, newest first."""

    items: list[MobilisedOrder]
    next_cursor: str | None


class MobilisedRideIn(Sent):
    """`count` rides alike; with vehicle and driver named, or chosen from all that are free.

    start: now where nothing is said
    """

    count: Annotated[int, Field(ge=1, le=MOST_AT_ONCE)] = 1
    passengers: Passengers
    category: Category | None = None
    vehicle_id: UUID | None = None
    driver_id: UUID | None = None
    purpose_text: Text
    origin: Waypoint
    destination: Waypoint
    start: InstantIn | None = None
    end: InstantIn


class MobilisedRidesIn(Sent):
    """Rides to order at once, without approval.

    organisation_id: of the unit that rides; the one that is called up where nothing is said
    recall: whether named vehicles and drivers are taken from rides that have not departed and are
        no emergency themselves; those rides await another vehicle
    """

    organisation_id: UUID | None = None
    passenger_id: UUID | None = None
    recall: bool = False
    rides: Annotated[list[MobilisedRideIn], Field(min_length=1, max_length=MOST_AT_ONCE)]


class BackEntryIn(Sent):
    """A drive that began without an order (补单); `returned_at` null: it is still out.

    end: until when a drive that is still out is planned
    """

    vehicle_id: UUID
    driver_id: UUID
    passengers: Passengers
    purpose_text: Text
    origin: Waypoint
    destination: Waypoint
    departed_at: InstantIn
    returned_at: InstantIn | None = None
    end: InstantIn | None = None
    odometer_out_m: OdometerM | None = None
    odometer_in_m: OdometerM | None = None


class BackEntriesIn(Sent):
    """Drives to enter at once."""

    organisation_id: UUID | None = None
    passenger_id: UUID | None = None
    drives: Annotated[list[BackEntryIn], Field(min_length=1, max_length=MOST_AT_ONCE)]


class RefusedRide(BaseModel):
    """One that was not ordered: its place in what was sent, from 0, and why."""

    index: int
    type: str
    title: str
    detail: str | None


class EnteredOut(BaseModel):
    """What was ordered or entered, in the order of what was sent, and what was not."""

    orders: list[MobilisedOrder]
    refused: list[RefusedRide]
