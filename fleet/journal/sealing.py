"""The sealer: links committed entries into the chain, in one place, after their transactions.

Serial numbers commit out of order, so the chain's order is chosen here: whatever waits in the
queue is sealed next, by number. Any number of workers may try; one at a time seals.
"""

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.journal import chain_store
from fleet.journal.canonical import Header, Payload, canonical, instant_text
from fleet.journal.chain import (
    GENESIS,
    SALT_BYTES,
    Root,
    entry_digest,
    next_head,
    payload_digest,
)
from fleet.journal.errors import NotRecordable
from fleet.journal.words import Algorithm

log = logging.getLogger(__name__)

MOST_ENTRIES = 5_000


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one step has sealed: how many entries, the head after them, and the lost ones.

    full: whether it took as many as it may, so that more may wait
    """

    entries: int
    root: Root
    lost: tuple[int, ...] = ()
    full: bool = False


async def seal_pending(
    session: AsyncSession, algorithm: Algorithm, now: datetime, most: int = MOST_ENTRIES
) -> Sealed | None:
    """Seal entries that wait; None when there are none, or when another sealer is at work.

    An entry that was deleted while it waited is sealed as an empty one: verification then names
    it for ever. One that can't be sealed is set aside, and holds nobody up.
    """
    if not await chain_store.become_sealer(session):
        return None
    waiting = await chain_store.take_pending(session, most)
    if not waiting:
        return None
    taken = len(waiting)
    bare = {row.entry_no: row.since for row in waiting if row.present and row.header is None}
    given, refused = await _give_bytes(session, bare)
    waiting = [row for row in waiting if row.entry_no not in refused]
    if not waiting:
        return None
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
    lost = tuple(row.entry_no for row in waiting if not row.present)
    return Sealed(len(seals), root, lost, full=taken == most)


async def _give_bytes(
    session: AsyncSession, bare: Mapping[int, datetime]
) -> tuple[dict[int, tuple[bytes, bytes, bytes]], set[int]]:
    """Give entries of a version before the seals their canonical bytes, by number.

    bare: since when each waits. Returns the bytes, and the entries that were set aside.
    """
    if not bare:
        return {}, set()
    given, refused = {}, dict.fromkeys(bare, "its time is none that the calendar has")
    for entry in await chain_store.entries_without_bytes(session, list(bare)):
        try:
            header = _header_of(entry).to_bytes()
        except NotRecordable as error:
            refused[entry.no] = str(error)
            continue
        payload, salt = _payload_of(entry).to_bytes(), os.urandom(SALT_BYTES)
        await chain_store.give_bytes(session, entry.no, header, salt, payload)
        given[entry.no] = (header, salt, payload)
        del refused[entry.no]
    for no, why in refused.items():
        log.error("a journal entry can't be sealed", extra={"no": no, "why": why})
        await chain_store.set_aside(session, no, bare[no], why)
    return given, set(refused)


def _header_of(entry: Row[*tuple[Any, ...]]) -> Header:
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


def _payload_of(entry: Row[*tuple[Any, ...]]) -> Payload:
    return Payload(
        actor_name=entry.actor_name,
        address=entry.address,
        before=_values(entry.before),
        after=_values(entry.after),
        reason=entry.reason,
    )


def _values(told: str | None) -> dict[str, object] | None:
    """Return the values that JSON text tells; itself, as `as_text`, where JSON can't hold them.

    The database's JSON knows numbers that RFC 8785 has no bytes for.
    """
    if told is None:
        return None
    try:
        values = json.loads(told)
        canonical(values)
    except (NotRecordable, rfc8785.CanonicalizationError, ValueError, RecursionError):
        return {"as_text": told}
    return values if values is None or isinstance(values, dict) else {"as_text": told}
