"""SQL of what was chosen for orders: by whom, from which suggestion, and for what was asked."""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.slips.content import beijing, number_text
from dispatch.slips.store import amendments_of, slip_of
from dispatch.suggestions.choice import CHOICES, Choice, Pair, Round
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
    SuggestionChoice,
)
from dispatch.words import PURPOSE_LABEL, Purpose
from fleet.lists import within
from fleet.tables import Organisation, Person

# As printed (派〔2026〕0001号), or 2026-1 for whoever has no such keys.
_SLIP = re.compile(r"(?:派〔)?([0-9]{4})(?:〕|-|/)0*([0-9]{1,9})号?")


async def choices_of(session: AsyncSession, order: Order) -> list[Choice]:
    """Return what gave an order its vehicle and driver, the first choice first.

    Plates and names are those of the slip and its amendments; which suggestion a choice was made
    from is the one that was named, what auto-dispatch noted, on what the pick-up time told then
    rests, or, for the first choice, beside which suggestion the order is written.
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
    named = await session.execute(
        select(SuggestionChoice.at, SuggestionChoice.suggestion_id).where(
            SuggestionChoice.order_id == order.id
        )
    )
    return {at: id for at, id in [*told, *noted, *named] if id is not None}


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
    return {
        at: Round(one.method, one.at, one.requests, one.content, one.sha256) for at, one in rows
    }


async def requests_told(
    session: AsyncSession, order: Order, rounds: Sequence[Round], scope: frozenset[int]
) -> frozenset[str]:
    """Return the ids of requests in these rounds that the order serves, or that are of a unit."""
    ids = {UUID(str(one["request"])) for told in rounds for one in told.requests}
    served = select(OrderRequest.request_id).where(OrderRequest.order_id == order.id)
    found = await session.scalars(
        select(Request.id).where(
            Request.id.in_(ids),
            or_(within(Request.organisation_no, scope), Request.id.in_(served)),
        )
    )
    return frozenset(str(id) for id in found)


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
