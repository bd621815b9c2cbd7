"""SQL of regions (行政区划)."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import Slice, holds
from fleet.organisations.doubts import OrganisationDoubt, region_doubts, uscc_doubts
from fleet.organisations.tables import Organisation, Region
from kit.paging import BadCursor, Page, decode_cursor, encode_cursor


async def regions_of(session: AsyncSession, code: str) -> list[Region]:
    """Return the rows of a code, oldest first."""
    rows = await session.scalars(
        select(Region).where(Region.code == code).order_by(Region.valid_from)
    )
    return list(rows)


async def doubts_of(
    session: AsyncSession, organisation: Organisation, day: date
) -> list[OrganisationDoubt]:
    """Return what is doubtful about an organisation's codes on a day.

    Where no table of regions was imported, nothing is said about regions but their form.
    """
    doubts = uscc_doubts(organisation.uscc)
    if (code := organisation.region_code) is None:
        return doubts
    found = region_doubts(code, await regions_of(session, code), day)
    if found == [OrganisationDoubt.REGION_UNKNOWN] and not await knows_regions(session):
        return doubts
    return doubts + found


async def knows_regions(session: AsyncSession) -> bool:
    """Return whether a table of regions has been imported at all."""
    return await session.scalar(select(Region.no).limit(1)) is not None


async def regions(
    session: AsyncSession, *, prefix: str | None, q: str | None, day: date | None, part: Slice
) -> Page[Region]:
    """Return regions by code; those valid on `day`, or of all times."""
    statement = select(Region)
    if prefix:
        statement = statement.where(Region.code.startswith(prefix, autoescape=True))
    if q:
        statement = statement.where(holds(Region.name, q))
    if day is not None:
        statement = statement.where(
            Region.valid_from <= day, or_(Region.valid_to.is_(None), Region.valid_to > day)
        )
    if (key := decode_cursor(part.cursor, 2)) is not None:
        statement = statement.where(
            tuple_(Region.code, Region.valid_from) > (str(key[0]), _day(key[1]))
        )
    ordered = statement.order_by(Region.code, Region.valid_from).limit(part.limit + 1)
    rows: Sequence[Region] = (await session.scalars(ordered)).all()
    if len(rows) <= part.limit:
        return Page(rows, None)
    last = rows[part.limit - 1]
    return Page(rows[: part.limit], encode_cursor((last.code, last.valid_from.isoformat())))


def _day(value: str | int) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise BadCursor from error
