"""What an invented province consists of: pure values, the same for the same seed and shape.

Organisations are named by their place in the list; the province's bureau is the first, and every
parent stands before its children.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from fleet.vehicles.plates import PlateColour
from fleet.words import Category, Energy, Holding, OrganisationKind, Role

SINCE = datetime(2025, 12, 31, 16, tzinfo=UTC)
"""From when on everything is in force: the first instant of 2026 in Shanghai."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the province is; every city gets a like number of counties.

    drivers, terminals: how many of them to a hundred vehicles
    """

    cities: int = 13
    counties: int = 130
    units: int = 3_000
    vehicles: int = 60_000
    drivers_per_100: int = 30
    terminals_per_100: int = 80


@dataclass(frozen=True, slots=True)
class OrganisationDraft:
    """A bureau or unit; `former_name` is what it was called in the first months, None if the same.

    weight: how many vehicles it has, next to the others
    """

    id: UUID
    name: str
    kind: OrganisationKind
    parent: int | None
    region_code: str
    uscc: str
    weight: int
    former_name: str | None = None


@dataclass(frozen=True, slots=True)
class VehicleDraft:
    """A vehicle; `organisation` uses it, and `moved_from` did so in the first months."""

    id: UUID
    plate: str
    plate_colour: PlateColour
    vin: str
    model: str
    body: str
    category: Category
    seats: int
    energy: Energy
    holding: Holding
    price_fen: int
    displacement_ml: int | None
    purchase_date: date
    organisation: int
    moved_from: int | None


@dataclass(frozen=True, slots=True)
class TerminalDraft:
    """A terminal in a vehicle."""

    id: UUID
    phone: str
    vehicle: int


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """Somebody with a role; `logs_in` says whether an account's password is made.

    licence_class: of a driver, None for everybody else; driver_id: as a driver
    """

    id: UUID
    username: str
    name: str
    role: Role
    organisation: int
    logs_in: bool = False
    licence_class: str | None = None
    driver_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Province:
    """Everything that is in it; `digest` is the SHA-256 of all of it."""

    regions: tuple[tuple[str, str], ...]
    organisations: tuple[OrganisationDraft, ...]
    vehicles: tuple[VehicleDraft, ...]
    terminals: tuple[TerminalDraft, ...]
    people: tuple[PersonDraft, ...]
    digest: str = field(default="")

    @property
    def bureaus(self) -> list[int]:
        """The organisations that hold mandates, over themselves and all below them."""
        return [
            n for n, one in enumerate(self.organisations) if one.kind == OrganisationKind.BUREAU
        ]
