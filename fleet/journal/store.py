"""SQL of the journal's list."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.journal.tables import JournalEntry
from fleet.lists import Slice, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.people.tables import Person
from kit.paging import BadCursor, Page, decode_cursor, encode_cursor


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


def _entry_id(value: str | int) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise BadCursor from error
