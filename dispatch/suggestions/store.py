"""SQL of suggestions."""

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.rules import VERSION
from dispatch.slips.content import beijing, number_text
from dispatch.slips.store import slip_of
from dispatch.suggestions.explanation import Chosen
from dispatch.suggestions.record import Packed
from dispatch.suggestions.schemas import SuggestionOut
from dispatch.tables import Order, OrderStep, Request, Slip, Suggestion, SuggestionRecord
from dispatch.words import PURPOSE_LABEL, Purpose
from fleet.tables import Organisation, Person

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


async def suggestion_of_order(session: AsyncSession, order_id: UUID) -> Kept | None:
    """Return the suggestion from which an order came, None if it came from none."""
    return await _kept(session, Suggestion.chosen_order_id == order_id, true())


async def chosen_by(session: AsyncSession, order: Order) -> Chosen:
    """Return who chose the order's vehicle, when and why, as its first step has it."""
    step = (
        await session.execute(
            select(OrderStep.tapped_at, OrderStep.reason, Person.name)
            .outerjoin(Person, Person.no == OrderStep.actor_no)
            .where(OrderStep.order_id == order.id)
            .order_by(OrderStep.no)
            .limit(1)
        )
    ).one_or_none()
    slip = await slip_of(session, order.id)
    return Chosen(
        slip=number_text(slip.year, slip.number) if slip else None,
        by=step.name if step else None,
        at=step.tapped_at if step else None,
        reason=step.reason if step else None,
        vehicle_no=order.vehicle_no,
        driver_no=order.driver_no,
    )


async def asked_in_words(session: AsyncSession, request_id: UUID) -> str:
    """Return what a request asked for, in one sentence."""
    request = await session.get_one(Request, request_id)
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
