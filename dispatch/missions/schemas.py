"""What the API says of missions. Coordinates are WGS-84, times RFC 3339 with offset."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from dispatch.missions.inputs import AssemblyPoint
from dispatch.missions.states import MissionAction, MissionState
from dispatch.missions.words import ArrivalStanding, MissionKind
from dispatch.orders.schemas import SlipRef
from dispatch.orders.states import OrderState
from dispatch.schemas import (
    NamedRef,
    PeriodOut,
    PlateRef,
    Waypoint,
)
from dispatch.words import Purpose
from fleet.words import Category


class MissionOrderOut(BaseModel):
    """The order of a mission's vehicle."""

    id: UUID
    state: OrderState
    revision: int
    vehicle: PlateRef | None
    driver: NamedRef | None
    slip: SlipRef | None


class MissionRideOut(BaseModel):
    """A vehicle of a mission; `vehicle` and `driver` are planned, the order's are promised."""

    id: UUID
    position: int
    standby: bool
    period: PeriodOut
    passengers: int
    passenger: NamedRef
    category: Category | None
    destination: Waypoint
    request_id: UUID | None
    vehicle: PlateRef | None
    driver: NamedRef | None
    note: str | None
    order: MissionOrderOut | None


class MissionItem(BaseModel):
    """A mission as lists show it, to whoever is named in it.

    vehicles, standbys, slips: how many are wanted, held ready, and have a slip that is not void
    """

    id: UUID
    state: MissionState
    revision: int
    unit: NamedRef
    kind: MissionKind
    title: str
    period: PeriodOut
    gather_at: datetime
    vehicles: int
    standbys: int
    slips: int


class MissionPage(BaseModel):
    """A page of missions, newest first."""

    items: list[MissionItem]
    next_cursor: str | None


class MissionDetail(MissionItem):
    """A mission with its plan, people and vehicles."""

    plan: str
    purpose: Purpose
    assembly: AssemblyPoint
    liaison: NamedRef
    readers: list[NamedRef]
    runners: list[NamedRef]
    planned_by: NamedRef
    submitted_at: datetime | None
    approved_by: NamedRef | None
    approved_at: datetime | None
    state_reason: str | None
    rides: list[MissionRideOut]
    actions: list[MissionAction]


class SlipsOut(BaseModel):
    """What was issued in this transaction; call again while `left` is above 0.

    refused: vehicles that could not be promised as planned, with why; plan these anew
    """

    issued: int
    left: int
    refused: list[UUID]
    mission: MissionDetail


class BusyVehicle(BaseModel):
    """A vehicle that a mission keeps busy; of what kind is told to nobody who isn't named."""

    vehicle: PlateRef
    period: PeriodOut


class BusyPage(BaseModel):
    """Vehicles of the scope that missions keep busy, by plate."""

    items: list[BusyVehicle]
    next_cursor: str | None


class ArrivalOut(BaseModel):
    """Where a vehicle of a mission is on its way to the assembly point.

    seen_at: of the position by which that is said; null: none within the last day
    arrives_at: forecast by the roads; null: it is there, or nobody knows
    late_s: after the time of gathering, at least; null: nobody knows
    """

    ride_id: UUID
    position: int
    standby: bool
    standing: ArrivalStanding
    order_id: UUID | None
    state: OrderState | None
    vehicle: PlateRef | None
    driver: NamedRef | None
    driver_phone: str | None
    latitude: float | None
    longitude: float | None
    seen_at: datetime | None
    arrives_at: datetime | None
    late_s: int | None


class ArrivalsOut(BaseModel):
    """The board of arrivals, in convoy order.

    travel_times: what the forecasts rest on
    """

    at: datetime
    gather_at: datetime
    assembly: AssemblyPoint
    travel_times: str
    counts: dict[ArrivalStanding, int]
    items: list[ArrivalOut]
    next_cursor: str | None = None
