"""From the store's rows of people and drivers to what the API shows."""

from fleet.identity.schemas import RoleOut
from fleet.organisations.tables import Organisation
from fleet.people import schemas
from fleet.people.tables import Driver, Person
from fleet.refs import Named
from fleet.words import (
    Role,
)


def person(row: Person, roles: list[tuple[str, Organisation]]) -> schemas.PersonOut:
    """Show a person with these roles."""
    return schemas.PersonOut(
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


def driver(row: Driver, person: Person, unit: Named) -> schemas.DriverOut:
    """Show a driver."""
    return schemas.DriverOut(
        id=row.id,
        name=person.name,
        person_id=person.id,
        phone=person.phone,
        licence_class=row.licence_class,
        licence_until=row.licence_until,
        unit=unit,
    )
