"""SQL of suggestions."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.rules import VERSION
from dispatch.slips.content import beijing, number_text
from dispatch.slips.store import amendments_of, slip_of
from dispatch.suggestions.choice import CHOICES, Choice, Pair, Round
from dispatch.suggestions.record import Packed
from dispatch.suggestions.schemas import SuggestionOut
from dispatch.tables import (
    AutoDispatchNote,
    AutoDispatchRound,
    Order,
    OrderRequest,
    OrderStep,
    Promise,
    Request,
    Slip,
    Suggestion,
    SuggestionRecord,
)
from dispatch.words import PURPOSE_LABEL, Purpose
from fleet.tables import JournalEntry, Organisation, Person

SUGGESTED = "request.suggest"
"""The journal's action of a suggestion; its entry holds the record's digest."""
# As printed (派〔2026〕0001号), or 2026-1 for whoever has no such keys.
_SLIP = re.compile(r"(?:派〔)?([0-9]{4})(?:〕|-|/)0*([0-9]{1,9})号?")


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


async def choices_of(session: AsyncSession, order: Order) -> list[Choice]:
    """Return what gave an order its vehicle and driver, the first choice first.

    Plates and names are those of the slip and its amendments; which suggestion a choice was made
    from is what auto-dispatch noted, on what the pick-up time told then rests, or, for the first
    choice, beside which suggestion the order is written.
    """
    slip = await slip_of(session, order.id)
    amended = await amendments_of(session, slip.id) if slip else ()
    suggested = await _suggested(session, order)
    rounds = await _rounds(session, order)
    steps = await session.execute(
        select(OrderStep, Person.name)
        .outerjoin(Person, Person.no == OrderStep.actor_no)
        .where(OrderStep.order_id == order.id, OrderStep.action.in_(CHOICES))
        .order_by(OrderStep.no)
    )
    was: Pair | None = None
    found = []
    for step, name in steps:
        becomes = was or _issued(slip)
        for one in amended:
            if (one.action, one.at) == (step.action, step.recorded_at):
                becomes = becomes.amended(one.item, one.becomes)
        suggestion_id = suggested.get(step.recorded_at)
        if suggestion_id is None and was is None:
            suggestion_id = await _first_suggested(session, order, step.recorded_at)
        found.append(
            Choice(
                action=step.action,
                slip=number_text(slip.year, slip.number) if slip else None,
                by=name,
                automatic=step.automatic,
                at=step.tapped_at,
                reason=step.reason,
                was=was,
                becomes=becomes,
                suggestion_id=suggestion_id,
                round=rounds.get(step.recorded_at),
            )
        )
        was = becomes
    return found


def _issued(slip: Slip | None) -> Pair:
    content = slip.content if slip else {}
    return Pair(str(content.get("plate") or "a vehicle"), str(content.get("driver") or "a driver"))


async def _suggested(session: AsyncSession, order: Order) -> dict[datetime, UUID]:
    """Return the suggestions behind an order by the instant of the choice."""
    told = await session.execute(
        select(Promise.told_at, Promise.suggestion_id).where(
            Promise.order_id == order.id, Promise.suggestion_id.is_not(None)
        )
    )
    noted = await session.execute(
        select(AutoDispatchNote.at, AutoDispatchNote.suggestion_id).where(
            AutoDispatchNote.order_id == order.id, AutoDispatchNote.suggestion_id.is_not(None)
        )
    )
    return {at: id for at, id in [*told, *noted] if id is not None}


async def _first_suggested(session: AsyncSession, order: Order, at: datetime) -> UUID | None:
    return await session.scalar(
        select(Suggestion.id)
        .where(Suggestion.chosen_order_id == order.id, Suggestion.recorded_at <= at)
        .order_by(Suggestion.id.desc())
        .limit(1)
    )


async def _rounds(session: AsyncSession, order: Order) -> dict[datetime, Round]:
    rows = await session.execute(
        select(AutoDispatchNote.at, AutoDispatchRound)
        .join(AutoDispatchRound, AutoDispatchRound.id == AutoDispatchNote.round_id)
        .where(AutoDispatchNote.order_id == order.id)
    )
    return {at: Round(one.method, one.at, one.requests) for at, one in rows}


async def asked_in_words(session: AsyncSession, order: Order) -> list[str]:
    """Return what the requests of an order asked for, a sentence each."""
    served = await session.scalars(
        select(Request)
        .join(OrderRequest, OrderRequest.request_id == Request.id)
        .where(OrderRequest.order_id == order.id)
        .order_by(Request.id)
    )
    return [await _asked(session, request) for request in served.all()]


async def _asked(session: AsyncSession, request: Request) -> str:
    unit = await session.get_one(Organisation, request.organisation_no)
    start, end = request.period.lower, request.period.upper
    assert start is not None
    assert end is not None
    return (
        f"{unit.name} asked for {request.passengers} seats from {beijing(start)} to "
        f"{beijing(end)}, {PURPOSE_LABEL[Purpose(request.purpose)]}, "
        f"from {request.origin_name} to {request.destination_name}."
    )


async def orders_named(session: AsyncSession, name: str) -> list[Order]:
    """Return the orders of this id, or of this number of a slip, which each issuer may have."""
    try:
        which: ColumnElement[bool] = Order.id == UUID(name)
    except ValueError:
        found = _SLIP.fullmatch(name.strip())
        if found is None:
            return []
        year, number = map(int, found.groups())
        numbered = select(Slip.order_id).where(Slip.year == year, Slip.number == number)
        which = Order.id.in_(numbered)
    return list((await session.scalars(select(Order).where(which).order_by(Order.id))).all())


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
    """Write beside a suggestion for this request which order came of it."""
    if suggestion_id is not None:
        await session.execute(
            update(Suggestion)
            .where(Suggestion.id == suggestion_id, Suggestion.request_id == request_id)
            .values(chosen_order_id=order_id)
        )
