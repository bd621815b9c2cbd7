"""Use cases of quarantine: frames that became no position, and terminals in no register."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor
from fleet.organisations.store import Scope, covers_a_root
from fleet.permissions import Permission
from kit.errors import Forbidden
from kit.paging import decode_cursor, encode_cursor, instant_in, number_in
from tracking import schemas
from tracking.quarantine import store as quarantine_store


async def quarantined(
    session: AsyncSession,
    actor: Actor,
    now: datetime,
    phone: str | None,
    limit: int,
    cursor: str | None,
) -> schemas.QuarantinedPage:
    """Return a page of quarantined frames with their counts by reason.

    Raw bytes are shown to those who may write the terminal that signs them.
    """
    after = decode_cursor(cursor, 1)
    seen = await _terminals_seen(session, actor, Permission.TERMINAL_READ, now)
    rows = await quarantine_store.read_quarantined(
        session,
        seen,
        phone=phone,
        before=None if after is None else number_in(after[0]),
        limit=limit + 1,
    )
    page = rows[:limit]
    written = await _terminals_seen(session, actor, Permission.TERMINAL_WRITE, now)
    raw = await quarantine_store.raw_frames(session, written, [row.no for row in page])
    return schemas.QuarantinedPage(
        items=[
            schemas.QuarantinedItem(
                id=row.id,
                received_at=row.received_at,
                protocol=row.protocol,
                phone=row.phone,
                address=row.address,
                reason=row.reason,
                raw_hex=raw.get(row.no, b"").hex(),
            )
            for row in page
        ],
        next_cursor=encode_cursor([page[-1].no]) if len(rows) > limit else None,
        counts=await quarantine_store.count_quarantined(session, seen, phone),
    )


async def unknown_terminals(
    session: AsyncSession, actor: Actor, now: datetime, limit: int, cursor: str | None
) -> schemas.UnknownTerminalPage:
    """Return a page of terminals that stand in no register. Raises Forbidden below the top."""
    if not await covers_a_root(session, actor.scope(Permission.TERMINAL_WRITE), now):
        raise Forbidden("Terminals in no register are shown to the topmost organisation only.")
    after = decode_cursor(cursor, 2)
    rows = await quarantine_store.read_unknown_terminals(
        session,
        after=None if after is None else (instant_in(after[0]), str(after[1])),
        limit=limit + 1,
    )
    page = rows[:limit]
    return schemas.UnknownTerminalPage(
        items=[
            schemas.UnknownTerminalItem.model_validate(row, from_attributes=True) for row in page
        ],
        next_cursor=encode_cursor([page[-1].last_seen_at.isoformat(), page[-1].phone])
        if len(rows) > limit
        else None,
    )


async def _terminals_seen(
    session: AsyncSession, actor: Actor, permission: Permission, now: datetime
) -> Scope | None:
    """Return the organisations whose terminals' frames are meant; None for all, unknown ones too.

    A frame bears a number and no organisation: those of no register belong to the topmost one.
    """
    scope = actor.scope(permission)
    return None if await covers_a_root(session, scope, now) else scope
