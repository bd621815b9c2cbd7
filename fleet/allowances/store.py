"""SQL of who draws the transport allowance."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.allowances.tables import PersonAllowance
from fleet.lists import Slice, in_force
from kit.paging import Page, decode_cursor, encode_cursor, instant_in


async def allowances_of(
    session: AsyncSession, person_no: int, part: Slice
) -> Page[PersonAllowance]:
    """Return what is written of a person, the newest period first."""
    since = func.lower(PersonAllowance.period)
    statement = select(PersonAllowance).where(PersonAllowance.person_no == person_no)
    if (key := decode_cursor(part.cursor, 1)) is not None:
        statement = statement.where(since < instant_in(key[0]))
    rows = (await session.scalars(statement.order_by(since.desc()).limit(part.limit + 1))).all()
    if len(rows) <= part.limit:
        return Page(rows, None)
    last = rows[part.limit - 1].period.lower
    assert last is not None
    return Page(rows[: part.limit], encode_cursor((last.isoformat(),)))


async def allowance_at(
    session: AsyncSession, person_no: int, at: datetime
) -> PersonAllowance | None:
    """Return what holds for a person at an instant, None where nothing is written."""
    row: PersonAllowance | None = await session.scalar(
        select(PersonAllowance).where(
            PersonAllowance.person_no == person_no, in_force(PersonAllowance.period, at)
        )
    )
    return row


async def draws_allowance(session: AsyncSession, person_no: int, at: datetime) -> bool | None:
    """Return whether a person draws the allowance at an instant, None where nobody knows."""
    row = await allowance_at(session, person_no, at)
    return row.draws if row else None
