"""From the store's rows of the journal to what the API shows."""

from collections.abc import Collection

from fleet.journal import schemas
from fleet.journal.chain import Root
from fleet.journal.tables import JournalEntry, JournalSeal
from fleet.journal.words import Algorithm
from fleet.lists import AnyRow
from fleet.refs import named


def journal_entry(row: AnyRow, own: Collection[int]) -> schemas.JournalEntryOut:
    """Show a row of `store.journal_entries`.

    own: the organisations for which the reader reads; only the supervisor's own sees what an
    external supervisor has looked at
    """
    entry: JournalEntry = row[0]
    withheld = entry.supervisor_no is not None and entry.supervisor_no not in own
    return _withheld(entry, row[1]) if withheld else _whole(entry, row)


def _whole(entry: JournalEntry, row: AnyRow) -> schemas.JournalEntryOut:
    # Shown is what is sealed, not the columns that repeat it.
    content = entry.content
    return schemas.JournalEntryOut.model_validate(
        {
            "id": entry.id,
            "at": entry.at,
            "roles": entry.roles,
            "is_withheld": False,
            "actor": named(row.person_id, row.person_name),
            "actor_name": content.get("actor_name", entry.actor_name),
            "organisation": named(row.organisation_id, row.organisation_name),
            "action": entry.action,
            "object_kind": entry.object_kind,
            "object_id": entry.object_id,
            "before": content.get("before"),
            "after": content.get("after"),
            "reason": content.get("why", entry.reason),
            "purpose": content.get("purpose"),
            "sitting_id": content.get("sitting_id"),
            "address": content.get("address", entry.address),
            "erased_by": entry.erased_by,
            "seal": _seal(row[1]),
        }
    )


def _withheld(entry: JournalEntry, seal: JournalSeal | None) -> schemas.JournalEntryOut:
    return schemas.JournalEntryOut(
        id=entry.id,
        at=entry.at,
        roles=entry.roles,
        is_withheld=True,
        actor=None,
        actor_name=None,
        organisation=None,
        action=None,
        object_kind=None,
        object_id=None,
        before=None,
        after=None,
        reason=None,
        purpose=None,
        sitting_id=None,
        address=None,
        erased_by=entry.erased_by,
        seal=_seal(seal),
    )


def _seal(seal: JournalSeal | None) -> schemas.SealOut | None:
    if seal is None:
        return None
    return schemas.SealOut(
        n=seal.n,
        sealed_at=seal.sealed_at,
        algorithm=Algorithm(seal.algorithm),
        digest=seal.digest.hex(),
        head=seal.head.hex(),
    )


def root(found: Root) -> schemas.RootOut:
    """Show the newest head."""
    return schemas.RootOut(
        n=found.n, head=found.head.hex(), sealed_at=found.sealed_at, algorithm=found.algorithm
    )
