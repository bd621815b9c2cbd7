"""Who a terminal is: its number, its token, and which of its links is the newest.

JT/T 808 (2013, 5.3): a terminal that makes a new connection has given up the old one. Every
authentication raises the terminal's link epoch; a link whose epoch is no longer the newest ends.
"""

import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from fleet import journal
from fleet.terminals.tables import Terminal
from fleet.words import Authentication, Protocol

# Arrays, since a list of many parameters is made into a statement anew each time.
_FIND = text("""
    SELECT no, phone, authentication, token FROM terminal
    WHERE protocol = :protocol AND phone = ANY(CAST(:phones AS text[]))
""")
_LOCK_EPOCHS = text("""
    SELECT no, link_epoch FROM terminal
    WHERE no = ANY(CAST(:nos AS bigint[])) ORDER BY no FOR UPDATE
""")
_OVERTAKEN = text("""
    SELECT t.no
    FROM unnest(CAST(CAST(:nos AS text) AS bigint[]), CAST(CAST(:epochs AS text) AS bigint[]))
        AS held(no, epoch)
    JOIN terminal t ON t.no = held.no
    WHERE t.link_epoch > held.epoch
""")
_RAISE_EPOCHS = text("""
    UPDATE terminal t SET link_epoch = t.link_epoch + raised.by
    FROM unnest(CAST(:nos AS bigint[]), CAST(:by AS bigint[])) AS raised(no, by)
    WHERE t.no = raised.no
""")


@dataclass(frozen=True, slots=True)
class KnownTerminal:
    """What a door needs to know of a terminal in the register."""

    no: int
    phone: str
    authentication: Authentication
    token: str | None


def normal_phone(digits: str) -> str:
    """Return the digits without padding: 12 digits of 2013 and 20 of 2019 name one terminal."""
    return digits.lower().lstrip("0") or "0"


async def find_terminals(
    session: AsyncSession, protocol: Protocol, phones: Collection[str]
) -> dict[str, KnownTerminal]:
    """Return the registered terminals that sign with these numbers, by number."""
    rows = await session.execute(_FIND, {"protocol": protocol.value, "phones": list(phones)})
    return {
        row.phone: KnownTerminal(row.no, row.phone, Authentication(row.authentication), row.token)
        for row in rows
    }


async def register_terminal(
    session: AsyncSession, no: int, *, maker: str, model: str, address: str, now: datetime
) -> str:
    """Note a terminal's registration and return its token, the same one each time."""
    row = await session.get_one(Terminal, no, with_for_update=True)
    if row.token is None:
        row.token = secrets.token_hex(12)
    first = row.registered_at is None
    row.registered_at = now
    row.maker, row.model = row.maker or maker or None, row.model or model or None
    if first:
        journal.record(
            session,
            actor=None,
            actor_name=f"terminal {row.phone}",
            action="terminal.register",
            object_kind="terminal",
            object_id=row.id,
            organisation_no=row.organisation_no,
            after={"maker": maker, "model": model},
            address=address,
            now=now,
        )
    return row.token


async def take_over(session: AsyncSession, nos: Sequence[int]) -> list[int]:
    """Return the epoch of each new link, in the order asked; every older link has lost.

    A terminal that is named twice has two new links, and the later one wins.
    """
    times = Counter(nos)
    # In one order everywhere, so that two doors never wait for each other.
    locked = await session.execute(_LOCK_EPOCHS, {"nos": list(times)})
    epochs: dict[int, int] = dict(locked.all())
    await session.execute(_RAISE_EPOCHS, {"nos": list(times), "by": list(times.values())})
    given = []
    for no in nos:
        epochs[no] = epochs.get(no, 0) + 1
        given.append(epochs[no])
    return given


async def overtaken(session: AsyncSession, epochs: Mapping[int, int]) -> list[int]:
    """Return the terminals that have a newer link than the one of this epoch, in any process."""
    rows = await session.execute(_OVERTAKEN, {"nos": list(epochs), "epochs": list(epochs.values())})
    return list(rows.scalars())


def _literal(numbers: Iterable[int]) -> str:
    return "{" + str(list(numbers))[1:-1] + "}"
