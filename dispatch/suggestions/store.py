"""SQL of suggestions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.rules import VERSION
from dispatch.suggestions.errors import UnknownSuggestion
from dispatch.suggestions.packing import Packed
from dispatch.suggestions.schemas import SuggestionOut
from dispatch.tables import (
    Request,
    Suggestion,
    SuggestionChoice,
    SuggestionRecord,
)
from fleet.tables import JournalEntry

SUGGESTED = "request.suggest"
"""The journal's action of a suggestion; its entry holds the record's digest."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A suggestion as it is kept; those of earlier versions have no record."""

    suggestion: Suggestion
    record: SuggestionRecord | None


async def add_suggestion(
    session: AsyncSession,
    request_id: UUID,
    suggestion_id: UUID,
    shown: SuggestionOut,
    packed: Packed,
) -> None:
    """Keep what was shown for a request, and on what it rests."""
    content = shown.model_dump(mode="json")
    session.add(
        Suggestion(
            id=suggestion_id,
            request_id=request_id,
            travel_times=shown.travel_times,
            candidates=content["candidates"],
            left_out=content["left_out"],
        )
    )
    await session.flush()
    session.add(
        SuggestionRecord(
            suggestion_id=suggestion_id,
            content=packed.content,
            sha256=packed.sha256,
            rules_version=VERSION,
            map_version=shown.map_version,
        )
    )


async def find_suggestion(
    session: AsyncSession, suggestion_id: UUID, seen: ColumnElement[bool]
) -> Kept | None:
    """Return a suggestion; seen: the condition on `Request` under which its request is seen."""
    return await _kept(session, Suggestion.id == suggestion_id, seen)


async def journalled_digest(session: AsyncSession, suggestion: Suggestion) -> str | None:
    """Return the record's SHA-256 as the journal's entry of the suggestion has it, in hexadecimal.

    None where there is no such entry, or it was erased.
    """
    entries = await session.scalars(
        select(JournalEntry).where(
            JournalEntry.object_id == suggestion.request_id, JournalEntry.action == SUGGESTED
        )
    )
    for entry in entries:
        after = entry.after or {}
        if after.get("suggestion") == str(suggestion.id):
            digest = after.get("record_sha256")
            return digest if isinstance(digest, str) else None
    return None


async def kept_suggestion(session: AsyncSession, id: UUID) -> Kept | None:
    """Return a suggestion, whoever may see it."""
    return await _kept(session, Suggestion.id == id, true())


async def _kept(
    session: AsyncSession, which: ColumnElement[bool], seen: ColumnElement[bool]
) -> Kept | None:
    row = (
        await session.execute(
            select(Suggestion, SuggestionRecord)
            .join(Request, Request.id == Suggestion.request_id)
            .outerjoin(SuggestionRecord, SuggestionRecord.suggestion_id == Suggestion.id)
            .where(which, seen)
            .order_by(Suggestion.id.desc())
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else Kept(row[0], row[1])


async def mark_chosen(
    session: AsyncSession, suggestion_id: UUID | None, request_id: UUID, order_id: UUID
) -> None:
    """Write beside a suggestion for this request which order came of it.

    Raises UnknownSuggestion.
    """
    if suggestion_id is not None:
        marked = await session.scalar(
            update(Suggestion)
            .where(Suggestion.id == suggestion_id, Suggestion.request_id == request_id)
            .values(chosen_order_id=order_id)
            .returning(Suggestion.id)
        )
        if marked is None:
            raise UnknownSuggestion


async def note_choice(
    session: AsyncSession,
    suggestion_id: UUID | None,
    served: Sequence[Request],
    order_id: UUID,
    at: datetime,
) -> None:
    """Note by which suggestion for one of the requests served an order was changed at an instant.

    Raises UnknownSuggestion where it is for another request: it says nothing about the order.
    """
    if suggestion_id is not None:
        ids = [request.id for request in served]
        asked_for = await session.scalar(
            select(Suggestion.id).where(
                Suggestion.id == suggestion_id, Suggestion.request_id.in_(ids)
            )
        )
        if asked_for is None:
            raise UnknownSuggestion
        session.add(SuggestionChoice(order_id=order_id, at=at, suggestion_id=asked_for))
