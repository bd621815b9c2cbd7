"""Whoever assigns something else than a suggestion's first says why."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.suggestions.errors import NotFirstNeedsReason
from dispatch.tables import Suggestion

# Earlier versions kept candidates that had no driver.
_FIRST: ColumnElement[str] = literal_column("CAST('$[*] ? (exists(@.driver.id))' AS jsonpath)")


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
    first = await session.scalar(
        select(func.jsonb_path_query_first(Suggestion.candidates, _FIRST, type_=JSONB)).where(
            Suggestion.id == suggestion_id, Suggestion.request_id == request_id
        )
    )
    if first is not None and _pair_of(first) != (str(vehicle_id), str(driver_id)):
        raise NotFirstNeedsReason


def _pair_of(candidate: Mapping[str, Any]) -> tuple[str | None, str | None]:
    return _id_of(candidate, "vehicle"), _id_of(candidate, "driver")


def _id_of(candidate: Mapping[str, Any], what: str) -> str | None:
    told = candidate.get(what)
    return told["id"] if told else None
