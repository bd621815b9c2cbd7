"""From the store's rows of people to what the API shows their reader."""

from collections.abc import Collection, Sequence

from fleet.access import Actor
from fleet.identity.schemas import RoleOut
from fleet.organisations.tables import Organisation
from fleet.people import schemas
from fleet.people.masking import shown_phone
from fleet.people.role_store import HeldRole
from fleet.people.tables import Person
from fleet.refs import Named, named
from fleet.words import Role


def person(
    row: Person,
    roles: Sequence[tuple[str, Organisation]],
    reader: Actor,
    organisation_nos: Collection[int],
) -> schemas.PersonOut:
    """Show a person with these roles; `organisation_nos` are those to which the person belongs."""
    return schemas.PersonOut(
        id=row.id,
        name=row.name,
        username=row.username,
        phone=shown_phone(
            row.phone, person_no=row.no, organisation_nos=organisation_nos, reader=reader
        ),
        disabled=row.disabled_at is not None,
        roles=[
            RoleOut(role=Role(role), organisation=Named(id=where.id, name=where.name))
            for role, where in roles
        ],
    )


def person_detail(
    row: Person, roles: Sequence[HeldRole], reader: Actor, organisation_nos: Collection[int]
) -> schemas.PersonDetail:
    """Show a person with the roles that have not ended."""
    return schemas.PersonDetail(
        id=row.id,
        name=row.name,
        username=row.username,
        phone=shown_phone(
            row.phone, person_no=row.no, organisation_nos=organisation_nos, reader=reader
        ),
        disabled_at=row.disabled_at,
        roles=[
            schemas.HeldRoleOut(
                role=Role(one.role),
                organisation=Named(id=one.organisation_id, name=one.organisation_name),
                start=one.period.lower,
                end=one.period.upper,
                delegated_by=named(one.giver_id, one.giver_name),
            )
            for one in roles
        ],
    )
