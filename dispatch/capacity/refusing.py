"""A refusal tells what could be done instead, however many are refused at once.

The refused transaction is rolled back first: it holds the pool for which others wait, and a
connection. Whoever was refused the same shares one answer, which is found in a transaction of its
own, few at a time: neither connections nor the processor run out by refusals.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi import Request as HttpRequest
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity import store
from dispatch.capacity.alternatives import alternatives_in, read_prospects
from dispatch.capacity.errors import CapacityFull
from dispatch.capacity.fitting import VehicleType
from dispatch.capacity.schemas import AlternativesOut
from dispatch.capacity.together import Together
from dispatch.eligibility.asking import need_of
from dispatch.eligibility.need import Need
from dispatch.parts import sees_request
from dispatch.requests.store import find_request
from dispatch.sealed.sealed import breaks_seals
from dispatch.tables import Request
from fleet.access import Actor
from fleet.permissions import Permission
from kit.database import Sessions, transaction
from kit.errors import NotFound

Answers = Together[AlternativesOut]


def _answers(request: HttpRequest) -> Answers:
    """Return what this process has told of late, made when it is first asked for."""
    state = request.app.state
    if not hasattr(state, "capacity_answers"):
        state.capacity_answers = Answers()
    answers: Answers = state.capacity_answers
    return answers


SharedAnswers = Annotated[Answers, Depends(_answers)]


@dataclass(frozen=True, slots=True)
class Question:
    """What was refused to somebody: all that the alternatives rest on, but the pools.

    held_for: the request itself where it holds a promise already, which is left out of the pools
    """

    need: Need
    ends_at: tuple[float, float]
    may_share: bool
    breaks_seals: bool
    pool_no: int | None
    wanted: VehicleType
    scope: frozenset[int]
    held_for: UUID | None


@asynccontextmanager
async def told_alternatives(
    sessions: Sessions,
    session: AsyncSession,
    answers: Answers,
    actor: Actor,
    request_id: UUID,
    pool_no: int | None,
    wanted: VehicleType,
    now: datetime,
) -> AsyncIterator[None]:
    """Add to CapacityFull what could be done instead, for the times that were refused."""
    try:
        yield
    except CapacityFull as full:
        request = await session.get_one(Request, request_id)
        held = await store.held_for(session, request_id)
        question = _question(request, actor, pool_no, wanted, held_for=request_id if held else None)
        period = request.period
        await session.rollback()

        async def find() -> AlternativesOut:
            return await _found(sessions, actor, request_id, period, pool_no, wanted, now)

        told = await answers.answer(question, find)
        full.facts["alternatives"] = told.model_dump(mode="json")
        raise


def _question(
    request: Request,
    actor: Actor,
    pool_no: int | None,
    wanted: VehicleType,
    held_for: UUID | None,
) -> Question:
    need = need_of(request)
    destination = (request.destination_latitude, request.destination_longitude)
    return Question(
        need=need,
        ends_at=need.origin if request.round_trip else destination,
        may_share=request.may_share,
        breaks_seals=breaks_seals(request),
        pool_no=pool_no,
        wanted=wanted,
        scope=actor.scope(Permission.ORDER_ASSIGN),
        held_for=held_for,
    )


async def _found(
    sessions: Sessions,
    actor: Actor,
    request_id: UUID,
    period: Range[datetime],
    pool_no: int | None,
    wanted: VehicleType,
    now: datetime,
) -> AlternativesOut:
    async with transaction(sessions) as session:
        request = await find_request(session, request_id, sees_request(actor))
        if request is None:
            raise NotFound
        # Of the times that were refused, which are nowhere written.
        session.expunge(request)
        request.period = period
        known = await read_prospects(session, actor, request, pool_no, wanted, now)
    return await asyncio.to_thread(alternatives_in, known, now)
