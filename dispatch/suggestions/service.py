"""Suggests vehicles for a request, ranked with reasons, and keeps what was shown."""

import asyncio
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.asking import need_of
from dispatch.eligibility.need import Limits
from dispatch.errors import StepNotAllowed
from dispatch.orders.changing import OVERDUE
from dispatch.orders.store import requests_of_orders
from dispatch.parts import sees_request
from dispatch.requests.states import RequestAction, RequestState
from dispatch.requests.store import find_request, orders_of_requests
from dispatch.sealed.sealed import breaks_seals
from dispatch.suggestions.record import pack
from dispatch.suggestions.schemas import SuggestionOut
from dispatch.suggestions.store import SUGGESTED, add_suggestion
from dispatch.suggestions.views import suggestion_out
from dispatch.suggestions.weighing import LIMITS, Sources, Weighed, weigh
from dispatch.tables import Request
from fleet import journal
from fleet.access import Actor
from fleet.permissions import Permission
from kit.errors import NotFound
from kit.ids import new_id

_REASSIGNED = frozenset({RequestState.ASSIGNED, RequestState.ACCEPTED})


async def suggest(
    session: AsyncSession,
    actor: Actor,
    request_id: UUID,
    sources: Sources,
    now: datetime,
    address: str | None,
    limits: Limits = LIMITS,
) -> SuggestionOut:
    """Rank the vehicles of the dispatcher's scope for a request that awaits dispatch.

    For one whose order nobody has set out on, for the rest of its order: to it the order's own
    vehicle and driver are free, and may come out again. Raises NotFound and StepNotAllowed.
    """
    request = await find_request(session, request_id, sees_request(actor))
    if request is None:
        raise NotFound
    actor.require(Permission.ORDER_ASSIGN, request.organisation_no)
    if request.state == RequestState.AWAITING_DISPATCH:
        weighed = await weigh_request(session, actor, request, sources, now, limits)
    elif request.state in _REASSIGNED:
        weighed = await _weigh_again(session, actor, request, sources, now, limits)
    else:
        raise StepNotAllowed(state=request.state, action=RequestAction.ASSIGN, actions=[])
    return await keep(session, actor, request, weighed, address)


async def weigh_request(
    session: AsyncSession,
    actor: Actor,
    request: Request,
    sources: Sources,
    now: datetime,
    limits: Limits = LIMITS,
) -> Weighed:
    """Rank the vehicles of the actor's scope for a request, without keeping it."""
    return await weigh(
        session,
        actor.scope(Permission.ORDER_ASSIGN),
        need_of(request),
        sources,
        now,
        breaks_seals=breaks_seals(request),
        limits=limits,
    )


async def _weigh_again(
    session: AsyncSession,
    actor: Actor,
    request: Request,
    sources: Sources,
    now: datetime,
    limits: Limits,
) -> Weighed:
    """Rank the vehicles that may take over the order by which a request is served."""
    order = (await orders_of_requests(session, [request.id]))[request.id]
    served = [one for _, one in await requests_of_orders(session, [order.id])]
    start, end = order.period.lower or now, order.period.upper or now
    return await weigh(
        session,
        actor.scope(Permission.ORDER_ASSIGN),
        replace(
            need_of(request),
            start=max(start, now),
            end=end if end > now else now + OVERDUE,
            passengers=sum(one.passengers for one in served),
        ),
        sources,
        now,
        breaks_seals=any(map(breaks_seals, served)),
        apart_from=order.id,
        limits=limits,
    )


async def keep(
    session: AsyncSession,
    actor: Actor | None,
    request: Request,
    weighed: Weighed,
    address: str | None = None,
) -> SuggestionOut:
    """Keep what was weighed for a request as a suggestion, and journal it; return what to show.

    actor: who asked for it; None for the system itself
    """
    suggestion_id = new_id()
    packing = asyncio.create_task(asyncio.to_thread(pack, weighed))
    try:
        shown = await suggestion_out(session, weighed, suggestion_id)
    finally:
        packed = await packing
    await add_suggestion(session, request.id, suggestion_id, shown, packed)
    journal.record(
        session,
        actor=actor,
        action=SUGGESTED,
        object_kind="request",
        object_id=request.id,
        now=weighed.at.now,
        organisation_no=request.organisation_no,
        after={
            "suggestion": str(suggestion_id),
            "candidates": len(shown.candidates),
            "record_sha256": packed.sha256.hex(),
        },
        address=address,
    )
    await session.flush()
    return shown
