"""Who a terminal is: its number, its token, and which of its links is the newest.

JT/T 808 (2013, 5.3): a terminal that makes a new connection has given up the old one. Every
authentication raises the terminal's link epoch; a link whose epoch is no longer the newest ends.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fleet import journal
from fleet.terminals.tables import Terminal
from fleet.words import Authentication, Protocol


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


async def find_terminal(
    session: AsyncSession, protocol: Protocol, phone: str
) -> KnownTerminal | None:
    """Return the registered terminal that signs with this number, or None."""
    row = await session.scalar(
        select(Terminal).where(Terminal.protocol == protocol, Terminal.phone == phone)
    )
    if row is None:
        return None
    return KnownTerminal(row.no, row.phone, Authentication(row.authentication), row.token)


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


async def take_over(session: AsyncSession, no: int) -> int:
    """Return the epoch of a terminal's new link; every older link has lost."""
    epoch: int | None = await session.scalar(
        update(Terminal)
        .where(Terminal.no == no)
        .values(link_epoch=Terminal.link_epoch + 1)
        .returning(Terminal.link_epoch)
    )
    assert epoch is not None
    return epoch


async def link_epochs(session: AsyncSession, nos: Iterable[int]) -> dict[int, int]:
    """Return the newest link epoch of each terminal."""
    rows = await session.execute(
        select(Terminal.no, Terminal.link_epoch).where(Terminal.no.in_(list(nos)))
    )
    return dict(rows.all())
