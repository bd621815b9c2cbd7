"""SQL of places, inside the scope that it is told."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import Slice, holds, read_page, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.places.tables import Place
from fleet.places.watched import not_hidden
from kit.errors import NotFound
from kit.paging import Page


async def places(
    session: AsyncSession, scope: Scope, *, watched: Scope, q: str | None, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return the scope's places and everybody's, as (Place, organisation as id and name).

    watched: the organisations whose watched places (重点场所) are among them
    """
    statement = (
        select(
            Place,
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation_name"),
        )
        .outerjoin(Organisation, Organisation.no == Place.organisation_no)
        .where(
            or_(Place.organisation_no.is_(None), within(Place.organisation_no, scope)),
            not_hidden(watched),
        )
    )
    if q:
        statement = statement.where(holds(Place.name, q))
    return await read_page(session, statement, Place.sort_key, Place.id, part)


async def place_in(session: AsyncSession, id: UUID, scope: Scope) -> Place:
    """Return the place with this id. Raises NotFound outside `scope`."""
    row = await session.scalar(
        select(Place).where(
            Place.id == id,
            or_(Place.organisation_no.is_(None), within(Place.organisation_no, scope)),
        )
    )
    if row is None:
        raise NotFound("There is no such place within your scope.")
    return row
