"""SQL of people, inside the scope that it is told."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Exists, Row, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import Slice, in_force, read_page, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.people.tables import Person, PersonRole
from kit.errors import NotFound
from kit.paging import Page


async def person_in(session: AsyncSession, id: UUID, scope: Scope, now: datetime) -> Person:
    """Return the person with this id, who has a role in `scope`. Raises NotFound."""
    row = await session.scalar(select(Person).where(Person.id == id, _role_in(scope, now)))
    if row is None:
        raise NotFound("There is no such person within your scope.")
    return row


async def people(
    session: AsyncSession, scope: Scope, now: datetime, q: str | None, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return people with a role in `scope` as (Person,)."""
    statement = select(Person).where(_role_in(scope, now))
    if q:
        statement = statement.where(
            or_(
                Person.name.icontains(q, autoescape=True),
                Person.username.icontains(q, autoescape=True),
            )
        )
    return await read_page(session, statement, Person.sort_key, Person.id, part)


async def roles_of(
    session: AsyncSession, person_nos: Collection[int], scope: Scope, now: datetime
) -> dict[int, list[tuple[str, Organisation]]]:
    """Return the roles in force of each person, as far as they lie in `scope`."""
    found: dict[int, list[tuple[str, Organisation]]] = {no: [] for no in person_nos}
    rows = await session.execute(
        select(PersonRole, Organisation)
        .join(Organisation, Organisation.no == PersonRole.organisation_no)
        .where(
            within(PersonRole.person_no, person_nos),
            within(PersonRole.organisation_no, scope),
            in_force(PersonRole.period, now),
        )
        .order_by(Organisation.sort_key, PersonRole.role)
    )
    for role, organisation in rows:
        found[role.person_no].append((role.role, organisation))
    return found


def _role_in(scope: Scope, now: datetime) -> Exists:
    return exists().where(
        PersonRole.person_no == Person.no,
        within(PersonRole.organisation_no, scope),
        in_force(PersonRole.period, now),
    )
