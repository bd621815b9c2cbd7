"""An export of the journal: JSON lines that prove themselves (`docs/verify_journal.py`)."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor
from fleet.journal import chain_store
from fleet.journal.canonical import instant_text
from fleet.journal.chain import GENESIS
from fleet.journal.recording import record_look_up
from kit.database import Sessions, transaction

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Seals:
    """Seals `first` to `last`, and the head before them."""

    first: int
    last: int
    previous: bytes


async def seals_between(
    session: AsyncSession, start: datetime | None, end: datetime | None
) -> Seals | None:
    """Return the seals made in [start, end); None where there are none."""
    found = await chain_store.seals_between(session, start, end)
    if found is None:
        return None
    before = await chain_store.root_at(session, found[0] - 1)
    return Seals(*found, before.head if before else GENESIS)


def record_export(
    session: AsyncSession, actor: Actor, seals: Seals | None, now: datetime, address: str | None
) -> None:
    """Add the entry of an export over the network."""
    record_look_up(
        session,
        actor=actor,
        action="journal.export",
        object_kind="journal",
        object_id=None,
        now=now,
        purpose=None,
        asked=None if seals is None else {"first": seals.first, "last": seals.last},
        address=address,
    )


async def export_lines(
    sessions: Sessions, seals: Seals | None, is_shown: Callable[[chain_store.SealedEntry], bool]
) -> AsyncIterator[str]:
    """Yield the export's lines, page by page, each page in a transaction of its own."""
    if seals is None:
        return
    previous, n = seals.previous, seals.first
    while n <= seals.last:
        async with transaction(sessions) as session:
            page = await chain_store.sealed_entries(session, n, min(n + PAGE - 1, seals.last))
        lines = []
        for sealed in page:
            lines.append(export_line(sealed, previous, is_shown(sealed)))
            previous = sealed.head
        yield "".join(lines)
        n += PAGE


def export_line(sealed: chain_store.SealedEntry, previous: bytes, is_shown: bool) -> str:
    """Return one line of the export, with its line feed.

    n, sealed_at, algorithm, previous, digest, head: the link; digests in hex
    header, payload: the sealed bytes as text; payload_digest, salt: in hex. A withheld entry
    has none of these, an erased one no payload and no salt; the chain holds all the same.
    """
    shown = sealed if is_shown else None
    line = {
        "n": sealed.n,
        "sealed_at": instant_text(sealed.sealed_at),
        "algorithm": sealed.algorithm,
        "previous": previous.hex(),
        "digest": sealed.digest.hex(),
        "head": sealed.head.hex(),
        "header": shown and shown.header and shown.header.decode(),
        "payload_digest": shown and shown.payload_digest.hex(),
        "payload": shown and shown.payload and shown.payload.decode(),
        "salt": shown and shown.salt and shown.salt.hex(),
    }
    return json.dumps(line, ensure_ascii=False) + "\n"
