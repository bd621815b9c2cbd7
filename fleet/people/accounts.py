"""Use cases of people: accounts and what they are to which organisation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.errors import UsernameTaken, flush_or_refuse
from fleet.identity.separation import refuse_two_administrators
from fleet.names import sort_key
from fleet.organisations.tables import Organisation
from fleet.organisations.tree import add_organisation
from fleet.people.tables import Person, PersonRole
from fleet.words import OrganisationKind, Role

FIRST_ORGANISATION = "公务用车主管部门"


@dataclass(frozen=True, slots=True)
class RoleIn:
    """What a person is to be, and where."""

    role: Role
    organisation: Organisation


async def create_person(
    session: AsyncSession,
    act: Act,
    *,
    username: str,
    name: str,
    roles: Iterable[RoleIn],
    phone: str | None = None,
    password_hash: str | None = None,
    since: datetime | None = None,
) -> Person:
    """Add a person with roles from `since` (default: now) on; without a hash nobody logs in.

    Raises UsernameTaken, TwoAdministrators.
    """
    given = list(dict.fromkeys(roles))
    refuse_two_administrators(one.role for one in given)
    person = Person(
        username=username.lower(),
        name=name,
        sort_key=sort_key(name),
        phone=phone,
        password_hash=password_hash,
    )
    session.add(person)
    await flush_or_refuse(session, {"uq_person_username": UsernameTaken})
    for one in given:
        session.add(
            PersonRole(
                person_no=person.no,
                organisation_no=one.organisation.no,
                role=one.role,
                period=period(since or act.now),
            )
        )
    act.record(
        session,
        "person.add",
        "person",
        person.id,
        organisation_no=given[0].organisation.no if given else None,
        after={
            "username": person.username,
            "name": name,
            "roles": [f"{one.role} @ {one.organisation.name}" for one in given],
        },
    )
    await session.flush()
    return person


async def ensure_first_organisation(session: AsyncSession, act: Act) -> Organisation:
    """Return the oldest organisation, made here where there is none."""
    organisation = await session.scalar(select(Organisation).order_by(Organisation.no).limit(1))
    if organisation is not None:
        return organisation
    return await add_organisation(
        session, act, name=FIRST_ORGANISATION, kind=OrganisationKind.BUREAU
    )
