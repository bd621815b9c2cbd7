"""What the API says about places found. Coordinates are WGS-84."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel


class PlaceSource(StrEnum):
    """Whose knowledge of a place it is."""

    OWN = "own"
    MAP = "map"


class FoundPlace(BaseModel):
    """A place: an own one has an id and a radius, one of the map the number of its object.

    category: the kind of an own place, OpenStreetMap's value of one of the map
    settlement: the quarter, suburb or village nearest to it, which tells places of one name apart
    distance_m: from where one asks, as the crow flies
    """

    source: PlaceSource
    id: UUID | None
    osm_id: str | None
    name: str
    category: str
    latitude: float
    longitude: float
    radius_m: int | None
    settlement: str | None
    distance_m: float | None


class PlacesFound(BaseModel):
    """The best places of a search, and how many there are in all."""

    items: list[FoundPlace]
    found: int


class RoadNamed(BaseModel):
    """A road by its name, and how far it is."""

    name: str
    distance_m: float


class PointNamed(BaseModel):
    """What lies at a point: the own place that holds it, or else what the map knows nearby.

    label: one line that says where it is; null where nothing is known
    """

    place: FoundPlace | None
    road: RoadNamed | None
    settlement: str | None
    label: str | None
