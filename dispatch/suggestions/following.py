"""Whoever assigns something else than a suggestion's first says why."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.suggestions.errors import NotFirstNeedsReason
from dispatch.tables import Suggestion


async def require_first(
    session: AsyncSession,
    suggestion_id: UUID,
    request_id: UUID,
    vehicle_id: UUID,
    driver_id: UUID,
) -> None:
    """Raise NotFirstNeedsReason unless this is the first that a suggestion has for the request.

    A suggestion for another request, or one that found nobody, has no first.
    """
    candidates = await session.scalar(
        select(Suggestion.candidates).where(
            Suggestion.id == suggestion_id, Suggestion.request_id == request_id
        )
    )
    # Earlier versions kept candidates that had no driver.
    pairs = [(_id_of(one, "vehicle"), _id_of(one, "driver")) for one in candidates or ()]
    first = next((pair for pair in pairs if pair[1] is not None), None)
    if first is not None and first != (str(vehicle_id), str(driver_id)):
        raise NotFirstNeedsReason


def _id_of(candidate: dict[str, Any], what: str) -> str | None:
    told = candidate.get(what)
    return told["id"] if told else None
