"""What the API speaks about vehicles."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from fleet.inputs import Input, Name
from fleet.refs import Named, TerminalRef, VehicleRef
from fleet.vehicles.plates import PlateColour
from fleet.words import (
    Category,
    Energy,
    Holding,
)


class NewVehicle(Input):
    """A vehicle to add."""

    plate: Annotated[str, StringConstraints(min_length=5, max_length=16)]
    plate_colour: PlateColour
    vin: Annotated[str, StringConstraints(pattern=r"^[A-HJ-NPR-Z0-9]{17}$")] | None = None
    model: Name
    category: Category
    seats: Annotated[int, Field(ge=1, le=80)]
    energy: Energy
    holding: Holding
    organisation_id: UUID
    base_id: UUID | None = None


class VehicleOut(VehicleRef):
    """An official vehicle (公务用车) with what binds it now."""

    plate_colour: PlateColour
    vin: str | None
    model: str
    category: Category
    seats: int
    energy: Energy
    holding: Holding
    unit: Named
    base: Named | None
    terminal: TerminalRef | None


class VehiclePage(BaseModel):
    """A page of vehicles."""

    items: list[VehicleOut]
    next_cursor: str | None
