"""SQL of organisations, and the part of the tree that a scope covers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from fleet.access import Actor
from fleet.lists import Slice, holds, in_force, read_page, within
from fleet.organisations.errors import OrganisationEnded
from fleet.organisations.tables import (
    Organisation,
    OrganisationName,
    OrganisationParent,
    OrganisationSuccession,
)
from fleet.permissions import Permission
from fleet.words import OrganisationKind
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

# Walks up from :below, for as long as each step holds: is :top above it at any time from :at on?
_STANDS_UNDER = text("""
    WITH RECURSIVE above AS (
        SELECT CAST(:below AS bigint) AS no, tstzrange(CAST(:at AS timestamptz), NULL) AS span
        UNION
        SELECT p.parent_no, above.span * p.period FROM above JOIN organisation_parent p
          ON p.organisation_no = above.no AND p.period && above.span
    )
    SELECT EXISTS (SELECT FROM above WHERE no = :top)
""")

_BELONGINGS = text("""
    SELECT
        (SELECT count(*) FROM vehicle_unit
          WHERE organisation_no = :no AND period && span) AS vehicles,
        (SELECT count(*) FROM driver_unit
          WHERE organisation_no = :no AND period && span) AS drivers,
        (SELECT count(*) FROM person_role
          WHERE organisation_no = :no AND period && span) AS roles,
        (SELECT count(*) FROM organisation_parent p JOIN organisation o ON o.no = p.organisation_no
          WHERE p.parent_no = :no AND p.period && span AND o.ended_at IS NULL) AS organisations,
        (SELECT count(*) FROM mandate
          WHERE holder_no = :no AND period && span) AS mandates,
        (SELECT count(*) FROM terminal WHERE organisation_no = :no) AS terminals
    FROM (SELECT tstzrange(CAST(:now AS timestamptz), NULL) AS span) AS since
""")

_TREE_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('organisation_tree'))")


async def lock_tree(session: AsyncSession) -> None:
    """Wait until nobody else moves organisations; held to the end of the transaction."""
    await session.execute(_TREE_LOCK)


async def lock(session: AsyncSession, nos: Sequence[int]) -> None:
    """Lock organisations against other changes, in the order of their numbers."""
    await session.execute(
        select(Organisation.no)
        .where(within(Organisation.no, nos))
        .order_by(Organisation.no)
        .with_for_update()
    )


async def stands_under(session: AsyncSession, below: int, top: int, at: datetime) -> bool:
    """Return whether `below` is `top`, or stands under it, at any time from `at` on."""
    found = await session.scalar(_STANDS_UNDER, {"below": below, "top": top, "at": at})
    return bool(found)


async def belongings(session: AsyncSession, no: int, now: datetime) -> dict[str, int]:
    """Return how many rows of each kind belong to an organisation now or later."""
    row = (await session.execute(_BELONGINGS, {"no": no, "now": now})).mappings().one()
    return {str(what): int(count) for what, count in row.items()}


async def names_of(session: AsyncSession, no: int) -> Sequence[OrganisationName]:
    """Return what an organisation was called, oldest first."""
    rows = await session.scalars(
        select(OrganisationName)
        .where(OrganisationName.organisation_no == no)
        .order_by(OrganisationName.period)
    )
    return rows.all()


async def parents_of(session: AsyncSession, no: int) -> Sequence[OrganisationParent]:
    """Return under which organisations another stood, oldest first."""
    rows = await session.scalars(
        select(OrganisationParent)
        .where(OrganisationParent.organisation_no == no)
        .order_by(OrganisationParent.period)
    )
    return rows.all()


async def successions_of(
    session: AsyncSession, no: int
) -> Sequence[tuple[OrganisationSuccession, Organisation, Organisation]]:
    """Return the mergers of an organisation with predecessor and successor, oldest first."""
    old, new = aliased(Organisation), aliased(Organisation)
    rows = await session.execute(
        select(OrganisationSuccession, old, new)
        .join(old, old.no == OrganisationSuccession.predecessor_no)
        .join(new, new.no == OrganisationSuccession.successor_no)
        .where(
            or_(
                OrganisationSuccession.predecessor_no == no,
                OrganisationSuccession.successor_no == no,
            )
        )
        .order_by(OrganisationSuccession.at, OrganisationSuccession.no)
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def by_no(session: AsyncSession, nos: Sequence[int]) -> dict[int, Organisation]:
    """Return organisations by their numbers."""
    rows = await session.scalars(select(Organisation).where(within(Organisation.no, nos)))
    return {row.no: row for row in rows}


async def names_at(session: AsyncSession, nos: Sequence[int], at: datetime) -> dict[int, str]:
    """Return what organisations were called at an instant, for what is written about it.

    Where that is not known (before the first name, or for rows of an older version) the name is
    the newest.
    """
    rows = await session.execute(
        select(Organisation.no, func.coalesce(OrganisationName.name, Organisation.name))
        .outerjoin(
            OrganisationName,
            (OrganisationName.organisation_no == Organisation.no)
            & in_force(OrganisationName.period, at),
        )
        .where(within(Organisation.no, nos))
    )
    return {row[0]: row[1] for row in rows}


async def organisation_in(session: AsyncSession, id: UUID, scope: Scope) -> Organisation:
    """Return the organisation with this id. Raises NotFound outside `scope`."""
    row = await session.scalar(
        select(Organisation).where(Organisation.id == id, within(Organisation.no, scope))
    )
    if row is None:
        raise NotFound("There is no such organisation within your scope.")
    return row


async def named_or_own(
    session: AsyncSession, actor: Actor, permission: Permission, id: UUID | None
) -> Organisation:
    """Return the organisation with this id, or the actor's own.

    Raises NotFound outside the permission's scope.
    """
    if id is not None:
        return await organisation_in(session, id, actor.scope(permission))
    return await session.get_one(Organisation, actor.home(permission))


async def owner_for(
    session: AsyncSession, actor: Actor, permission: Permission, id: UUID | None
) -> Organisation:
    """Return the organisation that is to own a new object: the one named, or the actor's own.

    Raises NotFound outside the permission's scope, OrganisationEnded.
    """
    owner = await named_or_own(session, actor, permission, id)
    if owner.ended_at is not None:
        raise OrganisationEnded
    return owner


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


def _organisations(scope: Scope, now: datetime) -> Select[*tuple[Any, ...]]:
    parent = aliased(Organisation)
    return (
        select(Organisation, parent.id.label("parent_id"), parent.name.label("parent_name"))
        .outerjoin(
            OrganisationParent,
            (OrganisationParent.organisation_no == Organisation.no)
            & in_force(OrganisationParent.period, now),
        )
        .outerjoin(parent, parent.no == OrganisationParent.parent_no)
        .where(within(Organisation.no, scope))
    )


async def organisations(
    session: AsyncSession,
    scope: Scope,
    now: datetime,
    part: Slice,
    *,
    q: str | None = None,
    kind: OrganisationKind | None = None,
    parent_no: int | None = None,
    with_ended: bool = True,
) -> Page[Row[*tuple[Any, ...]]]:
    """Return organisations as (Organisation, parent_id, parent_name).

    q: part of a name, of now or of the past; parent_no: only those right below it
    """
    statement = _organisations(scope, now)
    if q:
        called = select(OrganisationName.organisation_no).where(holds(OrganisationName.name, q))
        statement = statement.where(or_(holds(Organisation.name, q), Organisation.no.in_(called)))
    if kind is not None:
        statement = statement.where(Organisation.kind == kind)
    if parent_no is not None:
        statement = statement.where(OrganisationParent.parent_no == parent_no)
    if not with_ended:
        statement = statement.where(Organisation.ended_at.is_(None))
    return await read_page(session, statement, Organisation.sort_key, Organisation.id, part)


async def organisation_row(
    session: AsyncSession, id: UUID, scope: Scope, now: datetime
) -> Row[*tuple[Any, ...]]:
    """Return one organisation as `organisations` does. Raises NotFound outside `scope`."""
    statement = _organisations(scope, now).where(Organisation.id == id)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("There is no such organisation within your scope.")
    return row
