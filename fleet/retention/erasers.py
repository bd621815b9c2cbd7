"""What the register itself erases: the journal's payloads, ended sessions, failed log-ins."""

from sqlalchemy import text

from fleet.journal.erasing import MOST_ERASED, erase
from fleet.retention.kinds import DataKind
from fleet.retention.running import Counts, Eraser, Erasure, record_erasure
from fleet.retention.store import earliest_hold, lock_retention
from kit.database import Sessions, transaction

RULE = "retention.journal"

_JOURNAL_BEFORE = text("""
    SELECT count(*) FROM journal WHERE at < :before
""")


async def erase_journal(sessions: Sessions, erasure: Erasure) -> Counts:
    """Erase the payloads of old entries, but nothing from the start of any open hold on.

    Entries name vehicles, people, orders and more in many ways: while anything is held, all
    entries since that hold's start stay.
    """
    total = 0
    while True:
        async with transaction(sessions) as session:
            await lock_retention(session)
            held_since = await earliest_hold(session)
            before = min(erasure.before, held_since or erasure.before)
            if erasure.dry_run:
                return {"journal": await session.scalar(_JOURNAL_BEFORE, {"before": before}) or 0}
            erased = await erase(session, rule=RULE, before=before, now=erasure.now)
        total += erased
        if erased < MOST_ERASED:
            return {"journal": total}


def _deleting(table: str, column: str) -> Eraser:
    """Return an eraser of whole rows of a table by one instant; no hold is about them."""
    where = f"{column} < :before"
    count = text(f"SELECT count(*) FROM {table} WHERE {where}")  # noqa: S608 - our own names
    delete = text(f"DELETE FROM {table} WHERE {where}")  # noqa: S608

    async def eraser(sessions: Sessions, erasure: Erasure) -> Counts:
        async with transaction(sessions) as session:
            counts = {table: await session.scalar(count, {"before": erasure.before}) or 0}
            if not erasure.dry_run and counts[table]:
                await session.execute(delete, {"before": erasure.before})
                record_erasure(session, erasure, counts)
        return counts

    return eraser


ERASERS: tuple[tuple[DataKind, Eraser], ...] = (
    (DataKind.JOURNAL, erase_journal),
    (DataKind.LOG_INS, _deleting("log_in", "expires_at")),
    (DataKind.LOG_IN_FAILURES, _deleting("log_in_failure", "at")),
)
