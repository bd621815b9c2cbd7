"""SQL of mandates (职权)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from fleet.lists import Slice, in_force, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Mandate, Organisation
from fleet.vehicles.tables import VehicleUnit
from fleet.words import Matter
from kit.errors import NotFound
from kit.paging import Page, decode_cursor, encode_cursor, uuid_in

_HOLDER = text("""
    WITH RECURSIVE above AS (
        SELECT CAST(:no AS bigint) AS no, 0 AS height
        UNION
        SELECT p.parent_no, above.height + 1 FROM above JOIN organisation_parent p
          ON p.organisation_no = above.no AND p.period @> CAST(:now AS timestamptz)
        WHERE above.height < 100
    )
    SELECT m.holder_no FROM above JOIN mandate m
      ON m.over_no = above.no AND m.matter = :matter AND m.period @> CAST(:now AS timestamptz)
    ORDER BY above.height LIMIT 1
""")


async def holder_of(
    session: AsyncSession, organisation_no: int, matter: Matter, now: datetime
) -> Organisation | None:
    """Return who holds `matter` over an organisation: the nearest mandate up the tree counts."""
    no = await session.scalar(_HOLDER, {"no": organisation_no, "matter": matter, "now": now})
    return await session.get_one(Organisation, no) if no is not None else None


async def authority_of(
    session: AsyncSession, vehicle_no: int, now: datetime
) -> Organisation | None:
    """Return the one organisation that manages a vehicle (主管部门), by the unit that uses it."""
    unit_no = await session.scalar(
        select(VehicleUnit.organisation_no).where(
            VehicleUnit.vehicle_no == vehicle_no, in_force(VehicleUnit.period, now)
        )
    )
    return await holder_of(session, unit_no, Matter.MANAGE, now) if unit_no is not None else None


async def mandates(
    session: AsyncSession,
    scope: Scope,
    *,
    organisation_nos: Sequence[int] | None,
    matter: Matter | None,
    at: datetime | None,
    part: Slice,
) -> Page[Row[*tuple[Any, ...]]]:
    """Return mandates over or of organisations within scope, oldest first, as `mandate_row` does.

    organisation_nos: only those that one of these holds or stands under; at: in force then
    """
    statement = _mandates(scope)
    if organisation_nos is not None:
        statement = statement.where(
            or_(
                within(Mandate.over_no, organisation_nos),
                within(Mandate.holder_no, organisation_nos),
            )
        )
    if matter is not None:
        statement = statement.where(Mandate.matter == matter)
    if at is not None:
        statement = statement.where(in_force(Mandate.period, at))
    if (key := decode_cursor(part.cursor, 1)) is not None:
        statement = statement.where(Mandate.id > uuid_in(key[0]))
    ordered = statement.order_by(Mandate.id).limit(part.limit + 1)
    rows = (await session.execute(ordered)).all()
    if len(rows) <= part.limit:
        return Page(rows, None)
    return Page(rows[: part.limit], encode_cursor((str(rows[part.limit - 1][0].id),)))


async def mandate_row(session: AsyncSession, id: UUID, scope: Scope) -> Row[*tuple[Any, ...]]:
    """Return a mandate as (Mandate, its holder, the organisation that it is over).

    Raises NotFound outside `scope`.
    """
    statement = _mandates(scope).where(Mandate.id == id).with_for_update(of=Mandate)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("There is no such mandate within your scope.")
    return row


def _mandates(scope: Scope) -> Select[*tuple[Any, ...]]:
    holder, over = aliased(Organisation), aliased(Organisation)
    return (
        select(Mandate, holder, over)
        .join(holder, holder.no == Mandate.holder_no)
        .join(over, over.no == Mandate.over_no)
        .where(or_(within(Mandate.over_no, scope), within(Mandate.holder_no, scope)))
    )
