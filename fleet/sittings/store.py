"""SQL of sittings."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.identity.bearers import is_good
from fleet.sittings.tables import Sitting


async def current_of(session: AsyncSession, bearer_id: UUID, now: datetime) -> Sitting | None:
    """Return the sitting in force of a session or API token."""
    row: Sitting | None = await session.scalar(
        select(Sitting).where(
            Sitting.bearer_id == bearer_id, Sitting.ended_at.is_(None), Sitting.expires_at > now
        )
    )
    return row


async def sitting_of(
    session: AsyncSession, id: UUID, person_no: int, now: datetime
) -> Sitting | None:
    """Return a sitting in force of this person by its id, whatever they ask with now.

    It ends with the session or API token that began it.
    """
    row: Sitting | None = await session.scalar(
        select(Sitting).where(
            Sitting.id == id,
            Sitting.person_no == person_no,
            Sitting.ended_at.is_(None),
            Sitting.expires_at > now,
        )
    )
    return row if row is not None and await is_good(session, row.bearer_id, now) else None


async def end_those_of(session: AsyncSession, bearer_id: UUID, now: datetime) -> list[UUID]:
    """End what is open of a session or API token; return the ids of what has ended."""
    ended = await session.scalars(
        update(Sitting)
        .where(Sitting.bearer_id == bearer_id, Sitting.ended_at.is_(None))
        .values(ended_at=now)
        .returning(Sitting.id)
    )
    return list(ended)
