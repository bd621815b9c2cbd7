"""What the API says about an approach. Coordinates are WGS-84, times RFC 3339 with offset."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from dispatch.approach.phases import ApproachPhase
from dispatch.requests.states import RequestState
from dispatch.schemas import PlateRef, Waypoint


class ApproachDriver(BaseModel):
    """Who drives; the phone number is whole for the passenger, with its middle hidden for others.

    phone: None where none is known, and when the order is over
    """

    name: str
    phone: str | None


class ApproachPosition(BaseModel):
    """Where the vehicle was last seen; `stale` when that is too long ago to tell an arrival."""

    latitude: float
    longitude: float
    course_deg: float | None
    seen_at: datetime
    stale: bool


class ApproachArrival(BaseModel):
    """When the vehicle will be at the pick-up, and by which way.

    route: longitude, latitude in order (as GeoJSON has them); empty where no road is known
    """

    at: datetime
    seconds: int
    distance_m: int
    travel_times: Literal["roads", "straight_line"]
    route: list[tuple[float, float]]


class ApproachOut(BaseModel):
    """A vehicle on its way to the passenger of a request.

    promised_at: what the passenger was told; the start asked for, where nothing was told yet
    position, arrival: only while the vehicle comes; arrival: not from a stale position
    shown_from: the instant from which its position may be shown before it departs
    late_s, sentence: only where it will be later than promised
    """

    # What is unknown is answered as null, never left out.
    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    at: datetime
    state: RequestState
    phase: ApproachPhase
    pick_up: Waypoint
    promised_at: datetime
    shown_from: datetime
    vehicle: PlateRef | None = None
    driver: ApproachDriver | None = None
    position: ApproachPosition | None = None
    arrival: ApproachArrival | None = None
    late_s: int | None = None
    sentence: str | None = None
