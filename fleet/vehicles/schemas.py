"""What the API speaks about vehicles."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from fleet.inputs import Input, Name
from fleet.refs import Named, TerminalRef, VehicleRef
from fleet.vehicles.plates import PlateColour
from fleet.vehicles.words import (
    Body,
    Condition,
    Funding,
    LifeState,
    Marking,
    Secrecy,
)
from fleet.words import (
    Category,
    Energy,
    Holding,
)

Plate = Annotated[str, StringConstraints(min_length=5, max_length=16)]
Vin = Annotated[str, StringConstraints(pattern=r"^[A-HJ-NPR-Z0-9]{17}$")]
EngineNumber = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9*\-]{1,30}$")
]
UseTypeCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Basis = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Seats = Annotated[int, Field(ge=1, le=80)]
DisplacementMl = Annotated[int, Field(ge=0, le=30_000, description="Displacement in ml")]
PriceFen = Annotated[int, Field(ge=0, le=100_000_000_00, description="Price in fen")]
TankL = Annotated[int, Field(ge=0, le=2_000, description="Tank in litres")]
BatteryKwh = Annotated[int, Field(ge=0, le=2_000, description="Battery in kWh")]
NormMl = Annotated[int, Field(ge=0, le=200_000, description="Fuel, ml per 100 km")]
NormWh = Annotated[int, Field(ge=0, le=1_000_000, description="Electricity, Wh per 100 km")]
Day = Annotated[date, Field(ge=date(1950, 1, 1), le=date(2199, 12, 31))]


class NewVehicle(Input):
    """A vehicle to add.

    stage: how far it has come; secrecy: a secret vehicle is refused, and nothing of it is kept
    """

    plate: Plate
    plate_colour: PlateColour
    vin: Vin | None = None
    model: Name
    category: Category
    seats: Seats
    energy: Energy
    holding: Holding
    organisation_id: UUID
    base_id: UUID | None = None
    secrecy: Secrecy = Secrecy.NONE
    stage: Annotated[LifeState, Field(description="registered, allocated or in_use")] = (
        LifeState.IN_USE
    )
    use_type: UseTypeCode | None = None
    body: Body | None = None
    engine_number: EngineNumber | None = None
    displacement_ml: DisplacementMl | None = None
    price_fen: PriceFen | None = None
    funding: Funding | None = None
    purchase_date: Day | None = None
    tank_l: TankL | None = None
    battery_kwh: BatteryKwh | None = None
    norm_ml_per_100km: NormMl | None = None
    norm_wh_per_100km: NormWh | None = None
    marking: Marking = Marking.UNMARKED
    marking_date: Day | None = None
    marking_basis: Basis | None = None
    condition: Condition = Condition.NORMAL


class VehicleOut(VehicleRef):
    """An official vehicle (公务用车) with what binds it now.

    masked: the names of fields that are null because your roles may not see them
    warnings: what is doubtful about it: `vin_check_digit`
    excess: what it was in excess of when it came: `over_quota`, `over_standard`
    """

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
    state: LifeState
    use_type: str | None
    body: Body | None
    engine_number: str | None
    displacement_ml: int | None
    price_fen: int | None
    funding: Funding | None
    purchase_date: date | None
    tank_l: int | None
    battery_kwh: int | None
    norm_ml_per_100km: int | None
    norm_wh_per_100km: int | None
    marking: Marking
    marking_date: date | None
    marking_basis: str | None
    condition: Condition
    excess: list[str]
    masked: list[str]
    warnings: list[str]


class VehiclePage(BaseModel):
    """A page of vehicles."""

    items: list[VehicleOut]
    next_cursor: str | None
