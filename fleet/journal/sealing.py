"""The sealer: links committed entries into the chain, in one place, after their transactions.

Serial numbers commit out of order, so the chain's order is chosen here: whatever waits in the
queue is sealed next, by number. Any number of workers may try; one at a time seals.
"""

import os
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.journal import chain_store
from fleet.journal.canonical import Header, Payload, instant_text
from fleet.journal.chain import (
    GENESIS,
    SALT_BYTES,
    Root,
    entry_digest,
    next_head,
    payload_digest,
)
from fleet.journal.tables import JournalEntry
from fleet.journal.words import Algorithm

MOST_ENTRIES = 5_000


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one step has sealed: how many entries, the head after them, and the lost ones."""

    entries: int
    root: Root
    lost: tuple[int, ...] = ()


async def seal_pending(
    session: AsyncSession, algorithm: Algorithm, now: datetime, most: int = MOST_ENTRIES
) -> Sealed | None:
    """Seal entries that wait; None when there are none, or when another sealer is at work.

    An entry that was deleted while it waited is sealed as an empty one: verification then names
    it for ever.
    """
    if not await chain_store.become_sealer(session):
        return None
    waiting = await chain_store.take_pending(session, most)
    if not waiting:
        return None
    given = await _give_bytes(session, [row.entry_no for row in waiting if row.header is None])
    last = await chain_store.last_root(session)
    first, head = (last.n + 1, last.head) if last else (1, GENESIS)
    sealed_at = instant_text(now)
    seals = []
    for n, row in enumerate(waiting, first):
        header, salt, payload = given.get(row.entry_no, (row.header, row.salt, row.payload))
        payload_seal = payload_digest(algorithm, salt or b"", payload or b"")
        digest = entry_digest(algorithm, header or b"", payload_seal)
        head = next_head(n, algorithm, sealed_at, head, digest)
        seals.append(chain_store.NewSeal(row.entry_no, payload_seal, digest, head))
    await chain_store.add_seals(session, seals, n=first, algorithm=algorithm, sealed_at=now)
    root = Root(first + len(seals) - 1, head, now, algorithm)
    return Sealed(len(seals), root, tuple(row.entry_no for row in waiting if not row.present))


async def _give_bytes(
    session: AsyncSession, nos: list[int]
) -> dict[int, tuple[bytes, bytes, bytes]]:
    """Give entries of a version before the seals their canonical bytes, by number."""
    if not nos:
        return {}
    given = {}
    for entry in await chain_store.entries_without_bytes(session, nos):
        header, payload = _header_of(entry).to_bytes(), _payload_of(entry).to_bytes()
        salt = os.urandom(SALT_BYTES)
        await chain_store.give_bytes(session, entry.no, header, salt, payload)
        given[entry.no] = (header, salt, payload)
    return given


def _header_of(entry: JournalEntry) -> Header:
    return Header(
        id=entry.id,
        at=entry.at,
        actor_no=entry.actor_no,
        roles=None,
        organisation_no=entry.organisation_no,
        supervisor_no=entry.supervisor_no,
        action=entry.action,
        object_kind=entry.object_kind,
        object_id=entry.object_id,
    )


def _payload_of(entry: JournalEntry) -> Payload:
    return Payload(
        actor_name=entry.actor_name,
        address=entry.address,
        before=entry.old_before,
        after=entry.old_after,
        reason=entry.reason,
    )
