"""From the store's rows to what the API shows."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from fleet import schemas as out
from fleet.plates import PlateColour
from fleet.session_schemas import Named, RoleOut
from fleet.tables import (
    Driver,
    JournalEntry,
    Organisation,
    Person,
    Place,
    Terminal,
    Vehicle,
)
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

AnyRow = Row[*tuple[Any, ...]]


def named(id: UUID | None, name: str | None) -> Named | None:
    """Return a small reference, or None when there is nothing to refer to."""
    return Named(id=id, name=name or "") if id is not None else None


def organisation(row: Organisation, parent: Named | None) -> out.OrganisationOut:
    """Show an organisation."""
    return out.OrganisationOut(
        id=row.id,
        name=row.name,
        kind=OrganisationKind(row.kind),
        region_code=row.region_code,
        uscc=row.uscc,
        parent=parent,
    )


def person(row: Person, roles: list[tuple[str, Organisation]]) -> out.PersonOut:
    """Show a person with these roles."""
    return out.PersonOut(
        id=row.id,
        name=row.name,
        username=row.username,
        phone=row.phone,
        disabled=row.disabled_at is not None,
        roles=[
            RoleOut(role=Role(role), organisation=Named(id=where.id, name=where.name))
            for role, where in roles
        ],
    )


def vehicle(row: AnyRow) -> out.VehicleOut:
    """Show a row of `vehicle_store.vehicles`."""
    car: Vehicle = row[0]
    return out.VehicleOut(
        id=car.id,
        plate=car.plate,
        plate_colour=PlateColour(car.plate_colour),
        vin=car.vin,
        model=car.model,
        category=Category(car.category),
        seats=car.seats,
        energy=Energy(car.energy),
        holding=Holding(car.holding),
        unit=Named(id=row.unit_id, name=row.unit_name),
        base=named(row.base_id, row.base_name),
        terminal=(
            out.TerminalRef(id=row.terminal_id, phone=row.terminal_phone)
            if row.terminal_id
            else None
        ),
    )


def driver(row: Driver, person: Person, unit: Named) -> out.DriverOut:
    """Show a driver."""
    return out.DriverOut(
        id=row.id,
        name=person.name,
        person_id=person.id,
        phone=person.phone,
        licence_class=row.licence_class,
        licence_until=row.licence_until,
        unit=unit,
    )


def terminal(row: Terminal, unit: Named, vehicle: out.VehicleRef | None) -> out.TerminalOut:
    """Show a terminal; its token is never shown."""
    return out.TerminalOut(
        id=row.id,
        phone=row.phone,
        protocol=Protocol(row.protocol),
        authentication=Authentication(row.authentication),
        maker=row.maker,
        model=row.model,
        registered_at=row.registered_at,
        vehicle=vehicle,
        unit=unit,
    )


def place(row: Place, organisation: Named | None) -> out.PlaceOut:
    """Show a place."""
    return out.PlaceOut(
        id=row.id,
        name=row.name,
        kind=PlaceKind(row.kind),
        organisation=organisation,
        latitude=row.latitude,
        longitude=row.longitude,
        radius_m=row.radius_m,
    )


def journal_entry(row: AnyRow) -> out.JournalEntryOut:
    """Show a row of `store.journal_entries`."""
    entry: JournalEntry = row[0]
    return out.JournalEntryOut(
        id=entry.id,
        at=entry.at,
        actor=named(row.person_id, row.person_name),
        actor_name=entry.actor_name,
        organisation=named(row.organisation_id, row.organisation_name),
        action=entry.action,
        object_kind=entry.object_kind,
        object_id=entry.object_id,
        before=entry.before,
        after=entry.after,
        reason=entry.reason,
        address=entry.address,
    )
