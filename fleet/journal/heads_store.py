"""SQL of what the database knows of heads kept outside: since which seal, and where."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.journal.tables import JournalHeads


async def heads_begun(session: AsyncSession) -> JournalHeads | None:
    """Return the earliest file of heads that was not declared lost; None where there is none."""
    lost = select(func.max(JournalHeads.no)).where(JournalHeads.first_seal.is_(None))
    return await session.scalar(
        select(JournalHeads)
        .where(
            JournalHeads.first_seal.is_not(None),
            JournalHeads.no > func.coalesce(lost.scalar_subquery(), 0),
        )
        .order_by(JournalHeads.first_seal, JournalHeads.no)
        .limit(1)
    )


def add_begun(session: AsyncSession, first_seal: int, place: str, now: datetime) -> None:
    """Note that a file of heads was begun with the head of seal `first_seal`."""
    session.add(JournalHeads(begun_at=now, first_seal=first_seal, place=place))


def add_lost(session: AsyncSession, now: datetime) -> None:
    """Note that the heads kept until now are lost, so that nobody asks for them."""
    session.add(JournalHeads(begun_at=now, first_seal=None, place=None))
