"""What the API answers to questions. WGS-84 degrees, metres, km/h, RFC 3339."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from fleet.refs import Named, VehicleRef


class Fix(BaseModel):
    """A position, and how far in time it is from the instant that was asked for."""

    time: datetime
    age_s: int
    latitude: float
    longitude: float
    speed_kmh: float | None
    course_deg: int | None


class Whereabouts(BaseModel):
    """The last position known by an instant and the first one after it; nothing in between."""

    vehicle: VehicleRef
    at: datetime
    before: Fix | None
    after: Fix | None
    datum: Literal["WGS-84"] = "WGS-84"


class PassItem(BaseModel):
    """A vehicle that was within the radius.

    start, end: the first and the last of its positions within, cut at midnight in Shanghai
    positions: how many those are; with 0 it passed between the positions at `start` and `end`
    nearest_m: how near the nearest of them is, or with 0 the straight line between the two
    """

    vehicle: VehicleRef
    unit: Named
    start: datetime
    end: datetime
    positions: int
    nearest_m: float


class PassPage(BaseModel):
    """A page of passes, by their start; a line between two positions counts up to these bounds."""

    items: list[PassItem]
    next_cursor: str | None
    line_gap_s: int
    line_length_m: float
    datum: Literal["WGS-84"] = "WGS-84"


class NearbyItem(BaseModel):
    """A vehicle by the last position known at that instant, and how far that was."""

    vehicle: VehicleRef
    unit: Named
    distance_m: float
    position: Fix


class NearbyList(BaseModel):
    """The vehicles nearest to a place at an instant, nearest first."""

    at: datetime
    within_s: int
    items: list[NearbyItem]
    datum: Literal["WGS-84"] = "WGS-84"
