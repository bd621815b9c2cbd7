"""SQL of organisations, and the part of the tree that a scope covers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from fleet.access import Actor
from fleet.lists import Slice, in_force, read_page, within
from fleet.organisations.tables import Organisation, OrganisationParent
from fleet.permissions import Permission
from kit.errors import NotFound
from kit.paging import Page

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
