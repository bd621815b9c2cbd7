"""What the API speaks of positions, trips and stops. WGS-84 degrees, metres, km/h, RFC 3339."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from fleet.refs import Named, VehicleRef

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class PositionItem(BaseModel):
    """One position, counted once. `time` is the repaired time, or what the terminal said."""

    model_config = ConfigDict(from_attributes=True)

    time: datetime | None
    received_at: datetime
    latitude: float | None
    longitude: float | None
    altitude_m: int | None
    speed_kmh: float | None
    course_deg: int | None
    odometer_m: int | None
    acc: bool | None
    alarm: int
    status: int
    reasons: list[str]
    backfilled: bool


class PositionPage(BaseModel):
    """A page of history, oldest first."""

    items: list[PositionItem]
    next_cursor: str | None
    datum: Literal["WGS-84"] = "WGS-84"


class LiveOrder(BaseModel):
    """The order that a vehicle is on."""

    id: UUID | None
    state: str


class LiveItem(BaseModel):
    """A vehicle on the live map."""

    id: UUID
    plate: str
    unit: Named
    latitude: float
    longitude: float
    speed_kmh: float | None
    course_deg: float | None
    time: datetime
    state: str
    order: LiveOrder | None = None


class LiveList(BaseModel):
    """The list that stands for the map."""

    at: datetime
    items: list[LiveItem]


class NearestItem(BaseModel):
    """A vehicle and how far it is in a straight line."""

    distance_m: float
    vehicle: LiveItem


class NearestList(BaseModel):
    """The nearest vehicles, nearest first."""

    at: datetime
    items: list[NearestItem]


class TripEnd(BaseModel):
    """Where and when a trip began or ended."""

    time: datetime
    latitude: float
    longitude: float


class TripItem(BaseModel):
    """One version of a trip."""

    id: UUID
    vehicle: VehicleRef
    unit: Named | None
    start: TripEnd
    end: TripEnd
    distance_m: int
    odometer_m: int | None
    max_speed_kmh: float
    gaps: int
    superseded_at: datetime | None
    superseded_by: UUID | None


class TripPage(BaseModel):
    """A page of trips, oldest first."""

    items: list[TripItem]
    next_cursor: str | None


class Track(BaseModel):
    """A GeoJSON line (RFC 7946): longitude, latitude; `times` has one entry a point."""

    type: Literal["LineString"] = "LineString"
    coordinates: list[tuple[float, float]]
    times: list[datetime]


class TrackPage(BaseModel):
    """A page of a track, oldest first; consecutive pages share a position, so that lines join.

    coordinates: longitude, latitude; times: one a point
    positions: how many lie in this part of the track; tolerance_m: those that are left out lie no
        further than this from the line; null when none is left out
    """

    vehicle: VehicleRef
    coordinates: list[tuple[float, float]]
    times: list[datetime]
    positions: int
    tolerance_m: float | None
    next_cursor: str | None
    datum: Literal["WGS-84"] = "WGS-84"


class TripDetail(TripItem):
    """A trip with its track."""

    track: Track


class StopItem(BaseModel):
    """A rest; an open end means that the vehicle still stands there."""

    id: UUID
    vehicle: VehicleRef
    start: datetime
    end: datetime | None
    latitude: float
    longitude: float


class StopPage(BaseModel):
    """A page of stops, oldest first."""

    items: list[StopItem]
    next_cursor: str | None


class QuarantinedItem(BaseModel):
    """A frame that became no position of a known terminal."""

    id: UUID
    received_at: datetime
    protocol: str
    phone: str | None
    address: str
    reason: str
    raw_hex: str


class QuarantinedPage(BaseModel):
    """A page of quarantined frames, newest first, and how many there are by reason."""

    items: list[QuarantinedItem]
    next_cursor: str | None
    counts: dict[str, int]


class UnknownTerminalItem(BaseModel):
    """A terminal that speaks but stands in no register."""

    id: UUID
    protocol: str
    phone: str
    address: str
    first_seen_at: datetime
    last_seen_at: datetime
    frames: int
    claimed_plate: str | None


class UnknownTerminalPage(BaseModel):
    """A page of unknown terminals, the last heard first."""

    items: list[UnknownTerminalItem]
    next_cursor: str | None
