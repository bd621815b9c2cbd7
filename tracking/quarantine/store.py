"""SQL of quarantine: frames that became no position, and terminals in no register."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from fleet.lists import within
from fleet.organisations.store import Scope
from fleet.tables import Terminal
from tracking.tables import QuarantinedFrame, UnknownTerminal


async def read_quarantined(
    session: AsyncSession,
    scope: Scope | None,
    *,
    phone: str | None,
    before: int | None,
    limit: int,
) -> Sequence[QuarantinedFrame]:
    """Return quarantined frames, newest first, without their raw bytes.

    scope: whose terminals' frames; None for all, those of unknown numbers too
    """
    query = (
        select(QuarantinedFrame)
        .options(defer(QuarantinedFrame.raw, raiseload=True))
        .where(_signed_within(scope))
        .order_by(QuarantinedFrame.no.desc())
        .limit(limit)
    )
    if phone is not None:
        query = query.where(QuarantinedFrame.phone == phone)
    if before is not None:
        query = query.where(QuarantinedFrame.no < before)
    return (await session.scalars(query)).all()


async def raw_frames(
    session: AsyncSession, scope: Scope | None, nos: Sequence[int]
) -> dict[int, bytes]:
    """Return the raw bytes of these quarantined frames, as far as they lie in `scope`."""
    query = select(QuarantinedFrame.no, QuarantinedFrame.raw).where(
        within(QuarantinedFrame.no, nos), _signed_within(scope)
    )
    return dict((await session.execute(query)).all())


async def count_quarantined(
    session: AsyncSession, scope: Scope | None, phone: str | None
) -> dict[str, int]:
    """Return how many frames are in quarantine, by reason."""
    query = (
        select(QuarantinedFrame.reason, func.count())
        .where(_signed_within(scope))
        .group_by(QuarantinedFrame.reason)
    )
    if phone is not None:
        query = query.where(QuarantinedFrame.phone == phone)
    return dict((await session.execute(query)).all())


def _signed_within(scope: Scope | None) -> ColumnElement[bool]:
    """Return the condition that a frame bears the number of a terminal in `scope`."""
    if scope is None:
        return true()
    return exists().where(
        Terminal.protocol == QuarantinedFrame.protocol,
        Terminal.phone == QuarantinedFrame.phone,
        within(Terminal.organisation_no, scope),
    )


async def read_unknown_terminals(
    session: AsyncSession, *, after: tuple[datetime, str] | None, limit: int
) -> Sequence[UnknownTerminal]:
    """Return terminals that stand in no register, the last heard first."""
    query = (
        select(UnknownTerminal)
        .order_by(UnknownTerminal.last_seen_at.desc(), UnknownTerminal.phone)
        .limit(limit)
    )
    if after is not None:
        query = query.where(
            (UnknownTerminal.last_seen_at < after[0])
            | ((UnknownTerminal.last_seen_at == after[0]) & (UnknownTerminal.phone > after[1]))
        )
    return (await session.scalars(query)).all()
