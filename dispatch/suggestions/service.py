"""Suggests vehicles for a request, ranked with reasons, and keeps what was shown."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import At, Limits, Need
from dispatch.eligibility.rules import LeftOut
from dispatch.eligibility.store import vehicle_choices
from dispatch.errors import StepNotAllowed
from dispatch.matching.ranking import Candidate, Ranking, rank
from dispatch.parts import sees_request
from dispatch.requests.states import RequestAction, RequestState
from dispatch.requests.store import find_request
from dispatch.roads.route import TravelLabel
from dispatch.roads.travel_times import TravelTimes
from dispatch.schemas import (
    CandidateOut,
    LeftOutVehicle,
    NamedRef,
    PlateRef,
    ReasonOut,
    SuggestedVehicle,
    SuggestionOut,
)
from dispatch.sealed.sealed import breaks_seals
from dispatch.tables import Request, Suggestion
from fleet import journal
from fleet.access import Actor
from fleet.permissions import Permission
from fleet.words import Category
from kit.clock import day_period, shanghai_day
from kit.errors import NotFound
from kit.ids import new_id

LIMITS = Limits()
_LAST_SEEN = timedelta(days=1)
_CLOCK_SKEW = timedelta(minutes=10)


async def suggest(
    session: AsyncSession,
    actor: Actor,
    request_id: UUID,
    travel_times: TravelTimes,
    now: datetime,
    address: str | None,
    limits: Limits = LIMITS,
) -> SuggestionOut:
    """Rank the vehicles of the dispatcher's scope for a request that awaits dispatch.

    Raises NotFound and StepNotAllowed.
    """
    request = await find_request(session, request_id, sees_request(actor))
    if request is None:
        raise NotFound
    actor.require(Permission.ORDER_ASSIGN, request.organisation_no)
    if request.state != RequestState.AWAITING_DISPATCH:
        raise StepNotAllowed(state=request.state, action=RequestAction.ASSIGN, actions=[])
    need, at = _need(request), At(now, limits)
    vehicles = await _vehicles(session, actor, request, need, at)
    # Shortest paths take the processor for a while: other requests go on meanwhile.
    ranking = await asyncio.to_thread(rank, vehicles, need, at, travel_times)
    shown = _shown(ranking, _label(travel_times, need))
    _keep(session, request, shown)
    journal.record(
        session,
        actor=actor,
        action="request.suggest",
        object_kind="request",
        object_id=request.id,
        now=now,
        organisation_no=request.organisation_no,
        after={"suggestion": str(shown.id), "candidates": len(shown.candidates)},
        address=address,
    )
    await session.flush()
    return shown


def _need(request: Request) -> Need:
    start, end = request.period.lower, request.period.upper
    assert start is not None
    assert end is not None
    return Need(
        unit_no=request.organisation_no,
        category=request.category,
        passengers=request.passengers,
        start=start,
        end=end,
        origin=(request.origin_latitude, request.origin_longitude),
    )


async def _vehicles(
    session: AsyncSession, actor: Actor, request: Request, need: Need, at: At
) -> Sequence[VehicleChoice]:
    fresh = timedelta(seconds=at.limits.fresh_s)
    since = at.now - (fresh if need.is_immediate(at.now, at.limits) else _LAST_SEEN)
    return await vehicle_choices(
        session,
        actor.scope(Permission.ORDER_ASSIGN),
        period=request.period,
        day=Range(*day_period(shanghai_day(need.start)), bounds="[)"),
        seen=Range(since, at.now + _CLOCK_SKEW, bounds="(]"),
        now=at.now,
        breaks_seals=breaks_seals(request),
    )


def _label(travel_times: TravelTimes, need: Need) -> TravelLabel:
    if travel_times.covers(need.origin):
        return travel_times.label
    return TravelLabel.STRAIGHT_LINE


def _shown(ranking: Ranking, label: TravelLabel) -> SuggestionOut:
    return SuggestionOut(
        id=new_id(),
        travel_times=label.value,
        candidates=[_candidate(n, c) for n, c in enumerate(ranking.candidates, start=1)],
        left_out=[_left_out(entry) for entry in ranking.left_out],
    )


def _candidate(place: int, candidate: Candidate) -> CandidateOut:
    vehicle, driver = candidate.vehicle, candidate.driver
    return CandidateOut(
        rank=place,
        vehicle=SuggestedVehicle(
            id=vehicle.id,
            plate=vehicle.plate,
            seats=vehicle.seats,
            category=Category(vehicle.category),
            holding=vehicle.holding,
        ),
        unit=NamedRef(id=vehicle.unit_id, name=vehicle.unit_name),
        driver=NamedRef(id=driver.id, name=driver.name),
        arrival_s=candidate.arrival_s,
        empty_m=candidate.empty_m,
        reasons=[ReasonOut(rule=r.rule, sentence=r.sentence) for r in candidate.reasons],
        position_age_s=candidate.position_age_s,
        latitude=candidate.start[0],
        longitude=candidate.start[1],
    )


def _left_out(entry: LeftOut) -> LeftOutVehicle:
    vehicle = PlateRef(id=entry.vehicle.id, plate=entry.vehicle.plate)
    return LeftOutVehicle(vehicle=vehicle, rule=entry.rule, sentence=entry.sentence)


def _keep(session: AsyncSession, request: Request, shown: SuggestionOut) -> None:
    content = shown.model_dump(mode="json")
    session.add(
        Suggestion(
            id=shown.id,
            request_id=request.id,
            travel_times=shown.travel_times,
            candidates=content["candidates"],
            left_out=content["left_out"],
        )
    )
