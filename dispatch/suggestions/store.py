"""SQL of suggestions."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.tables import Suggestion


async def mark_chosen(
    session: AsyncSession, suggestion_id: UUID | None, request_id: UUID, order_id: UUID
) -> None:
    """Write beside a suggestion for this request which order came of it."""
    if suggestion_id is not None:
        await session.execute(
            update(Suggestion)
            .where(Suggestion.id == suggestion_id, Suggestion.request_id == request_id)
            .values(chosen_order_id=order_id)
        )
