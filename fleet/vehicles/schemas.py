"""What the API speaks about vehicles."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, model_validator

from fleet.inputs import Input, Name
from fleet.refs import Named, TerminalRef, VehicleRef
from fleet.vehicles.plates import PlateColour
from fleet.vehicles.words import (
    Body,
    Condition,
    DisposalMethod,
    EventKind,
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
from kit.texts import Written
from kit.web import InstantIn

Reason = Annotated[str, Written(500)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Plate = Annotated[str, StringConstraints(min_length=5, max_length=16)]
Vin = Annotated[str, StringConstraints(pattern=r"^[A-HJ-NPR-Z0-9]{17}$")]
EngineNumber = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9*\-]{1,30}$")
]
UseTypeCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Basis = Annotated[str, Written(200)]
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

    replaces_id: the vehicle after which it comes, whose renewal this is
    since: the Shanghai day from which on the unit uses it, today unless said otherwise; not before
        its purchase
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
    replaces_id: UUID | None = None
    since: Day | None = None
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


class VehicleChanges(Input):
    """Fields to change; one that is left out stays, one that is null becomes unknown.

    base_id is dated: the vehicle parks there from now on
    """

    vin: Vin | None = None
    model: Name | None = None
    category: Category | None = None
    seats: Seats | None = None
    energy: Energy | None = None
    holding: Holding | None = None
    base_id: UUID | None = None
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
    marking: Marking | None = None
    marking_date: Day | None = None
    marking_basis: Basis | None = None
    condition: Condition | None = None

    @model_validator(mode="after")
    def _always_known(self) -> "VehicleChanges":
        for name in self.model_fields_set & _ALWAYS_KNOWN:
            if getattr(self, name) is None:
                raise ValueError(f"{name} is always known and can't be null")
        return self


_ALWAYS_KNOWN = {"model", "category", "seats", "energy", "holding", "marking", "condition"}


class NewTransfer(Input):
    """A handover to another unit, from an instant of the past or from now on.

    base_id: where the vehicle parks from then on; document_id: the document that orders it
    """

    organisation_id: UUID
    base_id: UUID | None = None
    at: InstantIn | None = None
    document_id: UUID | None = None
    reason: Reason | None = None


class NewDisposal(Input):
    """The end of a vehicle in the fleet.

    method: left out only when the vehicle is struck off, as one that was entered in error
    income_fen: what it brought
    """

    method: DisposalMethod | None = None
    struck_off: bool = False
    income_fen: PriceFen | None = None
    at: InstantIn | None = None
    document_id: UUID | None = None
    reason: Reason | None = None


class NewPlate(Input):
    """Another plate, from an instant of the past or from now on."""

    plate: Plate
    plate_colour: PlateColour
    at: InstantIn | None = None
    reason: Reason | None = None


class NewEvent(Input):
    """A step of the life that has no act of its own."""

    kind: Literal["allocated", "put_in_use"]
    day: Day
    document_id: UUID | None = None
    reason: Reason | None = None


class NewRenewal(Input):
    """The decision that a vehicle is renewed; the next one names it as `replaces_id`."""

    day: Day
    document_id: UUID | None = None
    reason: Reason | None = None


class PlateHeld(BaseModel):
    """A plate that a vehicle has borne; a start or end of null is unknown or open."""

    plate: str
    plate_colour: PlateColour
    start: datetime | None
    end: datetime | None


class PlateList(BaseModel):
    """All plates that a vehicle has borne, the latest first."""

    items: list[PlateHeld]


class VehicleEventOut(BaseModel):
    """Something that happened to a vehicle on a Shanghai day.

    facts: what the kind of event tells; the members named in `masked` are left out
    """

    id: UUID
    kind: EventKind
    day: date
    unit: Named | None
    facts: dict[str, Any]
    masked: list[str]
    recorded_by: Named | None
    recorded_at: datetime


class VehicleEventPage(BaseModel):
    """A page of a vehicle's life, in the order of the days."""

    items: list[VehicleEventOut]
    next_cursor: str | None


class NewPlateRefusals(Input):
    """The whole list of refused plates, made outside: HMAC-SHA-256 digests in hex.

    key_check: the digest of the empty text under the same key
    """

    key_check: Digest
    digests: Annotated[list[Digest], Field(max_length=10_000)]


class PlateRefusalsOut(BaseModel):
    """How many plates are refused, and since when the list stands."""

    count: int
    recorded_at: datetime | None


class VehicleOut(VehicleRef):
    """An official vehicle (公务用车) with what binds it now.

    masked: the names of fields that are null because your roles may not see them
    warnings: what is doubtful about it: `vin_check_digit`, `plate_energy`
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
