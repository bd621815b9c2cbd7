"""What the API says about roads. Coordinates are WGS-84; geometry is GeoJSON (RFC 7946)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from dispatch.roads.route import TravelLabel
from fleet.inputs import Latitude, Longitude

MOST_POINTS = 200
"""On either side of a matrix."""

Position = tuple[float, float]
"""(longitude, latitude), the order of GeoJSON."""


class LineStringOut(BaseModel):
    """A line of GeoJSON."""

    type: Literal["LineString"] = "LineString"
    coordinates: list[Position]


class MultiPolygonOut(BaseModel):
    """Areas of GeoJSON: polygons of rings, the outer one first."""

    type: Literal["MultiPolygon"] = "MultiPolygon"
    coordinates: list[list[list[Position]]]


class RouteOut(BaseModel):
    """A way to drive, from the road at the origin to the road at the destination."""

    label: TravelLabel
    duration_s: float
    distance_m: float
    geometry: LineStringOut


class NearestRoad(BaseModel):
    """The road nearest to a point, and the point of it that is nearest."""

    name: str | None
    way_id: int
    latitude: float
    longitude: float
    distance_m: float


class IsochroneOut(BaseModel):
    """The ground along the roads that can be reached in time."""

    within_s: int
    road_m: float
    geometry: MultiPolygonOut


class PointIn(BaseModel):
    """A point that is asked about."""

    model_config = ConfigDict(extra="forbid")

    latitude: Latitude
    longitude: Longitude


Points = Annotated[list[PointIn], Field(min_length=1, max_length=MOST_POINTS)]


class MatrixIn(BaseModel):
    """From where and to where: every pair is answered."""

    model_config = ConfigDict(extra="forbid")

    origins: Points
    destinations: Points


class MatrixOut(BaseModel):
    """Seconds and metres of each pair, a row for each origin; null where no car may drive.

    A pair has figures by roads where both its points are labelled so, else by straight line.
    """

    durations_s: list[list[float | None]]
    distances_m: list[list[float | None]]
    origin_labels: list[TravelLabel]
    destination_labels: list[TravelLabel]


class BoundsOut(BaseModel):
    """The extent of a map in degrees."""

    south: float
    west: float
    north: float
    east: float


class WithheldCounts(BaseModel):
    """How many objects of the file were withheld from everything that was made of it."""

    lines: int
    areas: int
    spots: int


class MapOut(BaseModel):
    """The map in use; `notice` and `attribution` are to be shown with it."""

    version: str
    source_file: str
    bounds: BoundsOut
    edges: int
    places: int
    attribution: str
    notice: str
    withheld: WithheldCounts | None
