"""SQL of organisations, people and the journal. Every function is told the scope to stay in."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Exists, Row, exists, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from fleet.access import Actor
from fleet.lists import Slice, in_force, read_page, within
from fleet.permissions import Permission
from fleet.tables import (
    JournalEntry,
    Organisation,
    OrganisationParent,
    Person,
    PersonRole,
)
from kit.errors import NotFound
from kit.paging import BadCursor, Page, decode_cursor, encode_cursor

Scope = frozenset[int]

_SUBTREE = text("""
    WITH RECURSIVE below AS (
        SELECT CAST(:no AS bigint) AS no
        UNION
        SELECT p.organisation_no FROM below JOIN organisation_parent p
          ON p.parent_no = below.no AND p.period @> CAST(:now AS timestamptz)
    )
    SELECT no FROM below
""")


async def organisation_in(session: AsyncSession, id: UUID, scope: Scope) -> Organisation:
    """Return the organisation with this id. Raises NotFound outside `scope`."""
    row = await session.scalar(
        select(Organisation).where(Organisation.id == id, within(Organisation.no, scope))
    )
    if row is None:
        raise NotFound("There is no such organisation within your scope.")
    return row


async def owner_for(
    session: AsyncSession, actor: Actor, permission: Permission, id: UUID | None
) -> Organisation:
    """Return the organisation that is to own a new object: the one named, or the actor's own.

    Raises NotFound outside the permission's scope.
    """
    if id is not None:
        return await organisation_in(session, id, actor.scope(permission))
    return await session.get_one(Organisation, actor.home(permission))


async def narrowed(
    session: AsyncSession, scope: Scope, organisation_id: UUID | None, now: datetime
) -> Scope:
    """Return the part of `scope` that stands in an organisation's subtree. Raises NotFound."""
    if organisation_id is None:
        return scope
    top = await organisation_in(session, organisation_id, scope)
    below = await session.scalars(_SUBTREE, {"no": top.no, "now": now})
    return scope & frozenset(below)


async def covers_a_root(session: AsyncSession, scope: Scope, now: datetime) -> bool:
    """Return whether `scope` holds an organisation that stands under no other."""
    has_parent = exists().where(
        OrganisationParent.organisation_no == Organisation.no,
        in_force(OrganisationParent.period, now),
    )
    return bool(
        await session.scalar(select(exists().where(within(Organisation.no, scope), ~has_parent)))
    )


async def organisations(
    session: AsyncSession, scope: Scope, now: datetime, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return organisations as (Organisation, parent_id, parent_name)."""
    parent = aliased(Organisation)
    statement = (
        select(Organisation, parent.id.label("parent_id"), parent.name.label("parent_name"))
        .outerjoin(
            OrganisationParent,
            (OrganisationParent.organisation_no == Organisation.no)
            & in_force(OrganisationParent.period, now),
        )
        .outerjoin(parent, parent.no == OrganisationParent.parent_no)
        .where(within(Organisation.no, scope))
    )
    return await read_page(session, statement, Organisation.sort_key, Organisation.id, part)


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


async def journal_entries(
    session: AsyncSession,
    scope: Scope,
    *,
    with_unowned: bool,
    action: str | None,
    object_id: UUID | None,
    start: datetime | None,
    end: datetime | None,
    part: Slice,
) -> Page[Row[*tuple[Any, ...]]]:
    """Return entries, newest first, as (JournalEntry, organisation and actor as id and name).

    with_unowned: also those that belong to no organisation, such as failed log-ins
    """
    mine = within(JournalEntry.organisation_no, scope)
    if with_unowned:
        mine = or_(mine, JournalEntry.organisation_no.is_(None))
    statement = (
        select(
            JournalEntry,
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation_name"),
            Person.id.label("person_id"),
            Person.name.label("person_name"),
        )
        .outerjoin(Organisation, Organisation.no == JournalEntry.organisation_no)
        .outerjoin(Person, Person.no == JournalEntry.actor_no)
        .where(mine)
    )
    if action is not None:
        statement = statement.where(JournalEntry.action == action)
    if object_id is not None:
        statement = statement.where(JournalEntry.object_id == object_id)
    if start is not None:
        statement = statement.where(JournalEntry.at >= start)
    if end is not None:
        statement = statement.where(JournalEntry.at < end)
    if (key := decode_cursor(part.cursor, 1)) is not None:
        statement = statement.where(JournalEntry.id < _entry_id(key[0]))
    rows = (
        await session.execute(statement.order_by(JournalEntry.id.desc()).limit(part.limit + 1))
    ).all()
    if len(rows) <= part.limit:
        return Page(rows, None)
    last: JournalEntry = rows[part.limit - 1][0]
    return Page(rows[: part.limit], encode_cursor((str(last.id),)))


def _role_in(scope: Scope, now: datetime) -> Exists:
    return exists().where(
        PersonRole.person_no == Person.no,
        within(PersonRole.organisation_no, scope),
        in_force(PersonRole.period, now),
    )


def _entry_id(value: str | int) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise BadCursor from error
