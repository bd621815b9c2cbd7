"""Erasing what is personal when its time is over, so that the chain still verifies."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor
from fleet.journal import chain_store
from fleet.journal.recording import record
from fleet.retention.errors import KeptTooShort
from fleet.retention.kinds import DataKind, latest_before

ERASURE = "journal.erase"
MOST_ERASED = 50_000


async def erase(
    session: AsyncSession,
    *,
    rule: str,
    before: datetime,
    now: datetime,
    actor: Actor | None = None,
    object_kinds: Sequence[str] | None = None,
    most: int = MOST_ERASED,
) -> int:
    """Erase the payloads of sealed entries dated before an instant; return how many.

    Call it again, in a new transaction, while it returns `most`. The header and the digests
    stay; the erasure is itself an entry that names the rule and the seals, by which
    verification tells it from a deletion. Entries of erasures are never erased.
    object_kinds: only entries about these kinds of object; None is all
    Raises KeptTooShort for entries that the law wants kept still.
    """
    if before > latest_before(DataKind.JOURNAL, now):
        raise KeptTooShort
    rows = await chain_store.lock_erasable(
        session, before=before, object_kinds=object_kinds, erasure=ERASURE, most=most
    )
    if not rows:
        return 0
    erasure = record(
        session,
        actor=actor,
        action=ERASURE,
        object_kind="journal",
        object_id=None,
        now=now,
        after={
            "rule": rule,
            "before": before.isoformat(),
            "count": len(rows),
            "seals": ranges(row.n for row in rows),
        },
    )
    await session.flush()
    await chain_store.erase_payloads(session, [row.no for row in rows], erasure)
    return len(rows)


def ranges(ns: Iterable[int]) -> list[list[int]]:
    """Return ascending numbers as [first, last] pairs: 1 2 3 7 is [[1, 3], [7, 7]]."""
    found: list[list[int]] = []
    for n in ns:
        if found and found[-1][1] == n - 1:
            found[-1][1] = n
        else:
            found.append([n, n])
    return found
