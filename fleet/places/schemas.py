"""What the API speaks about places."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from fleet.inputs import Input, Latitude, Longitude, Name
from fleet.refs import Named
from fleet.words import (
    PlaceKind,
)


class NewPlace(Input):
    """A place to add; without an organisation it belongs to the actor's own."""

    name: Name
    kind: PlaceKind
    organisation_id: UUID | None = None
    latitude: Latitude
    longitude: Longitude
    radius_m: Annotated[int, Field(ge=10, le=20_000)]


class PlaceOut(Named):
    """A place known by name; one without an organisation is everybody's."""

    kind: PlaceKind
    organisation: Named | None
    latitude: float
    longitude: float
    radius_m: int


class PlacePage(BaseModel):
    """A page of places."""

    items: list[PlaceOut]
    next_cursor: str | None
