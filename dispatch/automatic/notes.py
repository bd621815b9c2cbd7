"""SQL of notes and rounds: what auto-dispatch decided, written once for each change of mind."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.automatic.schemas import AutoDispatchNoteOut
from dispatch.automatic.tables import AutoDispatchNote
from dispatch.automatic.words import AutoDispatchOutcome, AutoDispatchStop

_ACTS = (AutoDispatchOutcome.ASSIGNED, AutoDispatchOutcome.REASSIGNED)


def write_note(
    session: AsyncSession,
    *,
    request_id: UUID,
    revision: int,
    outcome: AutoDispatchOutcome,
    sentence: str,
    at: datetime,
    stop: AutoDispatchStop | None = None,
    round_id: UUID | None = None,
    suggestion_id: UUID | None = None,
    order_id: UUID | None = None,
) -> None:
    """Add what was decided about a request as it stood at `revision`."""
    session.add(
        AutoDispatchNote(
            request_id=request_id,
            revision=revision,
            outcome=outcome,
            stop=stop,
            sentence=sentence,
            at=at,
            round_id=round_id,
            suggestion_id=suggestion_id,
            order_id=order_id,
        )
    )


async def newest_notes(
    session: AsyncSession, request_ids: Sequence[UUID]
) -> dict[UUID, AutoDispatchNote]:
    """Return the newest note of each of these requests that has one."""
    rows = await session.scalars(
        select(AutoDispatchNote)
        .where(AutoDispatchNote.request_id.in_(request_ids))
        .ext(distinct_on(AutoDispatchNote.request_id))
        .order_by(AutoDispatchNote.request_id, AutoDispatchNote.no.desc())
    )
    return {row.request_id: row for row in rows}


async def acts_since(session: AsyncSession, since: datetime) -> int:
    """Return how many assignments were made or changed automatically after `since`."""
    found = await session.scalar(
        select(func.count()).where(AutoDispatchNote.outcome.in_(_ACTS), AutoDispatchNote.at > since)
    )
    return found or 0


def note_out(note: AutoDispatchNote | None) -> AutoDispatchNoteOut | None:
    """Show a note as the API does."""
    if note is None:
        return None
    return AutoDispatchNoteOut(
        outcome=AutoDispatchOutcome(note.outcome),
        stop=AutoDispatchStop(note.stop) if note.stop else None,
        sentence=note.sentence,
        at=note.at,
        suggestion_id=note.suggestion_id,
        order_id=note.order_id,
    )
