"""Loads what an import or export needs to know: names within scope."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.exchange.kinds import PlaceName
from fleet.exchange.known import Extent, Known
from fleet.exchange.names import Entry, NameIndex
from fleet.exchange.reasons import NO_ORGANISATION, NO_PLACE
from fleet.exchange.sheets import Sheet
from fleet.lists import in_force, within
from fleet.organisations.tables import Organisation, OrganisationParent
from fleet.permissions import Permission
from fleet.places.tables import Place
from kit.settings import Settings


async def everything(session: AsyncSession) -> Extent:
    """Return the extent of the system itself."""
    return Extent(None, frozenset(await session.scalars(select(Organisation.no))))


async def load_known(
    session: AsyncSession,
    sheet: Sheet,
    permission: Permission,
    extent: Extent,
    now: datetime,
    settings: Settings,
) -> Known:
    """Return what the cells of `sheet` may name, within the scope of `permission`."""
    scope = extent.scope(permission)
    organisations, places = NameIndex(NO_ORGANISATION), NameIndex(NO_PLACE)
    organisations.extend(await _organisations(session, scope, now))
    if any(isinstance(column.kind, PlaceName) for column in sheet.columns):
        reach = extent.scope(Permission.PLACE_READ)
        places.extend(await _places(session, reach))
    return Known(extent, now, settings, organisations, places)


async def _organisations(
    session: AsyncSession, scope: frozenset[int], now: datetime
) -> list[Entry]:
    rows = await session.execute(
        select(
            Organisation.no,
            Organisation.id,
            Organisation.name,
            Organisation.uscc,
            OrganisationParent.parent_no,
        )
        .outerjoin(
            OrganisationParent,
            (OrganisationParent.organisation_no == Organisation.no)
            & in_force(OrganisationParent.period, now),
        )
        .where(within(Organisation.no, scope), Organisation.ended_at.is_(None))
    )
    found = {row.no: row for row in rows}
    parents = {no: row.parent_no for no, row in found.items()}
    return [
        Entry(
            no,
            tuple(found[above].name for above in reversed(_line(no, parents))),
            tuple(code for code in (row.uscc, str(row.id)) if code),
        )
        for no, row in found.items()
    ]


def _line(no: int, parents: dict[int, int | None]) -> list[int]:
    """Return the organisation and those above it as far as the scope reaches."""
    line = [no]
    while (above := parents[line[-1]]) is not None and above in parents and above not in line:
        line.append(above)
    return line


async def _places(session: AsyncSession, scope: frozenset[int]) -> list[Entry]:
    rows = await session.execute(
        select(Place.no, Place.id, Place.name, Organisation.name.label("owner"))
        .outerjoin(Organisation, Organisation.no == Place.organisation_no)
        .where(or_(Place.organisation_no.is_(None), within(Place.organisation_no, scope)))
    )
    return [
        Entry(row.no, (row.owner, row.name) if row.owner else (row.name,), (str(row.id),))
        for row in rows
    ]
