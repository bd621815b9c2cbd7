"""SQL of the lists of sessions and tokens."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.identity.tables import ApiToken, LogIn
from fleet.lists import Slice
from fleet.organisations.tables import Organisation
from fleet.refs import Named
from kit.paging import Page, decode_cursor, encode_cursor, uuid_in


async def sessions_of(
    session: AsyncSession, person_no: int, now: datetime, part: Slice
) -> Page[LogIn]:
    """Return a person's sessions that have not ended, newest first."""
    statement = select(LogIn).where(LogIn.person_no == person_no, LogIn.expires_at > now)
    if (key := decode_cursor(part.cursor, 1)) is not None:
        statement = statement.where(LogIn.id < uuid_in(key[0]))
    found = await session.scalars(statement.order_by(LogIn.id.desc()).limit(part.limit + 1))
    rows = found.all()
    if len(rows) <= part.limit:
        return Page(rows, None)
    return Page(rows[: part.limit], encode_cursor((str(rows[part.limit - 1].id),)))


async def tops_of(session: AsyncSession, tokens: list[ApiToken]) -> dict[int, Named]:
    """Return the organisations at the top of these tokens' subtrees, by number."""
    nos = {row.organisation_no for row in tokens if row.organisation_no is not None}
    rows = await session.scalars(select(Organisation).where(Organisation.no.in_(nos)))
    return {row.no: Named(id=row.id, name=row.name) for row in rows}
