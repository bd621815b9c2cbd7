"""What the API speaks about the register. Inputs refuse members that they don't know."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from fleet.plates import PlateColour
from fleet.session_schemas import Named, RoleOut
from fleet.words import (
    Authentication,
    Category,
    Energy,
    Holding,
    OrganisationKind,
    PlaceKind,
    Protocol,
    Role,
)
from kit.web import InstantIn

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 -]{2,23}$")]
Latitude = Annotated[float, Field(ge=-90, le=90, description="WGS-84 degrees")]
Longitude = Annotated[float, Field(ge=-180, le=180, description="WGS-84 degrees")]


class Input(BaseModel):
    """A body that a client sends."""

    model_config = ConfigDict(extra="forbid")


class NewOrganisation(Input):
    """An organisation to add; without a parent it stands under the actor's own."""

    name: Name
    kind: OrganisationKind
    region_code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")] | None = None
    uscc: Annotated[str, StringConstraints(pattern=r"^[0-9A-HJ-NP-RTUWXY]{18}$")] | None = None
    parent_id: UUID | None = None


class OrganisationOut(Named):
    """An organisation (机构)."""

    kind: OrganisationKind
    region_code: str | None
    uscc: str | None
    parent: Named | None


class NewRole(Input):
    """A role to give."""

    role: Role
    organisation_id: UUID


class NewPerson(Input):
    """An account to add; without a password nobody can log in with it."""

    username: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,31}$")]
    name: Name
    phone: Phone | None = None
    password: Annotated[str, Field(min_length=10, max_length=128)] | None = None
    roles: Annotated[list[NewRole], Field(min_length=1, max_length=50)]


class PersonOut(Named):
    """A person with the roles that lie within the reader's scope."""

    username: str
    phone: str | None
    disabled: bool
    roles: list[RoleOut]


class VehicleRef(BaseModel):
    """A small reference to a vehicle."""

    id: UUID
    plate: str


class TerminalRef(BaseModel):
    """A small reference to a terminal."""

    id: UUID
    phone: str


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


class NewDriver(Input):
    """A person who is to drive for an organisation."""

    person_id: UUID
    licence_class: Annotated[str, StringConstraints(pattern=r"^(A[1-3]|B[12]|C[1-6])$")]
    licence_until: InstantIn | None = None
    organisation_id: UUID


class DriverOut(Named):
    """A driver (驾驶员)."""

    person_id: UUID
    phone: str | None
    licence_class: str
    licence_until: datetime | None
    unit: Named


class NewTerminal(Input):
    """A terminal to add."""

    phone: Annotated[
        str,
        StringConstraints(pattern=r"^[0-9A-Fa-f]{1,20}$"),
        Field(description="The digits that it signs with; some devices pack hexadecimal ones"),
    ]
    protocol: Protocol = Protocol.JT808
    authentication: Authentication = Authentication.TOKEN
    organisation_id: UUID
    maker: Name | None = None
    model: Name | None = None


class TerminalOut(TerminalRef):
    """A terminal (车载终端) and the vehicle in which it sits now."""

    protocol: Protocol
    authentication: Authentication
    maker: str | None
    model: str | None
    registered_at: datetime | None
    vehicle: VehicleRef | None
    unit: Named


class NewBinding(Input):
    """In which vehicle a terminal sits, and from when to when; it begins now if not said."""

    vehicle_id: UUID
    start: InstantIn | None = None
    end: InstantIn | None = None
    is_primary: bool = True


class BindingEnd(Input):
    """When a binding ends; now if not said."""

    end: InstantIn | None = None


class BindingOut(BaseModel):
    """A dated binding of a terminal to a vehicle."""

    terminal: TerminalRef
    vehicle: VehicleRef
    start: datetime | None
    end: datetime | None
    is_primary: bool


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


class JournalEntryOut(BaseModel):
    """Who did what to what, and from where (留痕记录)."""

    id: UUID
    at: datetime
    actor: Named | None
    actor_name: str
    organisation: Named | None
    action: str
    object_kind: str
    object_id: UUID | None
    before: dict[str, object] | None
    after: dict[str, object] | None
    reason: str | None
    address: str | None


class OrganisationPage(BaseModel):
    """A page of organisations."""

    items: list[OrganisationOut]
    next_cursor: str | None


class PersonPage(BaseModel):
    """A page of people."""

    items: list[PersonOut]
    next_cursor: str | None


class VehiclePage(BaseModel):
    """A page of vehicles."""

    items: list[VehicleOut]
    next_cursor: str | None


class DriverPage(BaseModel):
    """A page of drivers."""

    items: list[DriverOut]
    next_cursor: str | None


class TerminalPage(BaseModel):
    """A page of terminals."""

    items: list[TerminalOut]
    next_cursor: str | None


class PlacePage(BaseModel):
    """A page of places."""

    items: list[PlaceOut]
    next_cursor: str | None


class JournalPage(BaseModel):
    """A page of the journal, newest first."""

    items: list[JournalEntryOut]
    next_cursor: str | None
