"""SQL of people, inside the scope that it is told."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, Row, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import Slice, holds, in_force, read_page, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.people.tables import Driver, DriverUnit, Person, PersonRole
from kit.errors import NotFound
from kit.paging import Page


async def person_in(session: AsyncSession, id: UUID, scope: Scope, now: datetime) -> Person:
    """Return the person with this id, who has a role in `scope`. Raises NotFound."""
    return await _person(session, id, _role_in(scope, now))


async def account_in(session: AsyncSession, id: UUID, scope: Scope, now: datetime) -> Person:
    """Return a person as whoever looks after accounts in `scope` finds them. Raises NotFound.

    Those count whose role there is yet to begin, and those whose last role there has ended: they
    may come back.
    """
    unended = or_(func.upper_inf(PersonRole.period), func.upper(PersonRole.period) > now)
    of_person = PersonRole.person_no == Person.no
    here = and_(of_person, within(PersonRole.organisation_no, scope))
    return await _person(
        session,
        id,
        or_(
            exists().where(here, unended),
            and_(exists().where(here), ~exists().where(of_person, unended)),
        ),
    )


async def lock_person(session: AsyncSession, person: Person) -> None:
    """Read `person` anew and hold it, so that changes of one account happen one by one."""
    await session.refresh(person, with_for_update={"key_share": True})


async def people(
    session: AsyncSession,
    scope: Scope,
    now: datetime,
    *,
    q: str | None,
    disabled: bool | None,
    part: Slice,
) -> Page[Row[*tuple[Any, ...]]]:
    """Return people with a role in `scope` as (Person,)."""
    statement = select(Person).where(_role_in(scope, now))
    if q:
        statement = statement.where(or_(holds(Person.name, q), holds(Person.username, q)))
    if disabled is not None:
        statement = statement.where(
            Person.disabled_at.is_not(None) if disabled else Person.disabled_at.is_(None)
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


async def organisations_of(
    session: AsyncSession, person_nos: Collection[int], now: datetime
) -> dict[int, set[int]]:
    """Return the numbers of the organisations to which each person belongs, by role or as driver.

    They decide who may read the person's contact.
    """
    found: dict[int, set[int]] = {no: set() for no in person_nos}
    by_role = select(PersonRole.person_no, PersonRole.organisation_no).where(
        within(PersonRole.person_no, person_nos), in_force(PersonRole.period, now)
    )
    as_driver = (
        select(Driver.person_no, DriverUnit.organisation_no)
        .join(DriverUnit, DriverUnit.driver_no == Driver.no)
        .where(within(Driver.person_no, person_nos), in_force(DriverUnit.period, now))
    )
    for person_no, organisation_no in await session.execute(by_role.union(as_driver)):
        found[person_no].add(organisation_no)
    return found


async def _person(session: AsyncSession, id: UUID, condition: ColumnElement[bool]) -> Person:
    row = await session.scalar(select(Person).where(Person.id == id, condition))
    if row is None:
        raise NotFound("There is no such person within your scope.")
    return row


def _role_in(scope: Scope, now: datetime) -> Exists:
    return exists().where(
        PersonRole.person_no == Person.no,
        within(PersonRole.organisation_no, scope),
        in_force(PersonRole.period, now),
    )
