"""From the store's rows of the journal to what the API shows."""

from fleet.journal import schemas
from fleet.journal.tables import JournalEntry
from fleet.lists import AnyRow
from fleet.refs import named


def journal_entry(row: AnyRow) -> schemas.JournalEntryOut:
    """Show a row of `store.journal_entries`."""
    entry: JournalEntry = row[0]
    return schemas.JournalEntryOut(
        id=entry.id,
        at=entry.at,
        actor=named(row.person_id, row.person_name),
        actor_name=entry.actor_name,
        organisation=named(row.organisation_id, row.organisation_name),
        action=entry.action,
        object_kind=entry.object_kind,
        object_id=entry.object_id,
        before=entry.before,
        after=entry.after,
        reason=entry.reason,
        address=entry.address,
    )
