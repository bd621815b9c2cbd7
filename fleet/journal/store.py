"""SQL of the journal's list, and which of its entries somebody may read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.journal.chain_store import SealedEntry
from fleet.journal.tables import JournalEntry, JournalSeal
from fleet.lists import Slice, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.people.tables import Person
from kit.paging import Page, decode_cursor, encode_cursor, uuid_in


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads the journal.

    scope: the organisations whose entries they see; with_unowned: and those of no organisation
    own: the organisations for which they read: of these they see their external supervisors'
    look-ups with their content, as nobody else does
    """

    scope: Scope
    own: Collection[int]
    with_unowned: bool

    def may_see(self, entry: SealedEntry) -> bool:
        """Return whether the content of an entry is for this reader."""
        if entry.supervisor_no is not None:
            return entry.supervisor_no in self.own
        if entry.organisation_no is None:
            return self.with_unowned
        return entry.organisation_no in self.scope

    def listed(self) -> ColumnElement[bool]:
        """Return the condition that an entry stands in this reader's list, even if withheld."""
        mine = within(JournalEntry.organisation_no, self.scope)
        if self.with_unowned:
            mine = or_(mine, JournalEntry.organisation_no.is_(None))
        return or_(mine, within(JournalEntry.supervisor_no, self.own))

    def whole(self) -> ColumnElement[bool]:
        """Return the condition that a listed entry is not withheld from this reader."""
        return or_(
            JournalEntry.supervisor_no.is_(None), within(JournalEntry.supervisor_no, self.own)
        )


async def journal_entries(
    session: AsyncSession,
    reader: Reader,
    *,
    action: str | None,
    object_id: UUID | None,
    start: datetime | None,
    end: datetime | None,
    part: Slice,
) -> Page[Row[*tuple[Any, ...]]]:
    """Return entries, newest first, as (JournalEntry, JournalSeal or None, organisation and
    actor as id and name)."""
    statement = (
        select(
            JournalEntry,
            JournalSeal,
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation_name"),
            Person.id.label("person_id"),
            Person.name.label("person_name"),
        )
        .outerjoin(JournalSeal, JournalSeal.entry_no == JournalEntry.no)
        .outerjoin(Organisation, Organisation.no == JournalEntry.organisation_no)
        .outerjoin(Person, Person.no == JournalEntry.actor_no)
        .where(reader.listed())
    )
    if action is not None or object_id is not None:
        # A search must not tell what a withheld entry is about.
        statement = statement.where(reader.whole())
    if action is not None:
        statement = statement.where(JournalEntry.action == action)
    if object_id is not None:
        statement = statement.where(JournalEntry.object_id == object_id)
    if start is not None:
        statement = statement.where(JournalEntry.at >= start)
    if end is not None:
        statement = statement.where(JournalEntry.at < end)
    if (key := decode_cursor(part.cursor, 1)) is not None:
        statement = statement.where(JournalEntry.id < uuid_in(key[0]))
    rows = (
        await session.execute(statement.order_by(JournalEntry.id.desc()).limit(part.limit + 1))
    ).all()
    if len(rows) <= part.limit:
        return Page(rows, None)
    last: JournalEntry = rows[part.limit - 1][0]
    return Page(rows[: part.limit], encode_cursor((str(last.id),)))
