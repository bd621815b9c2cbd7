"""Use cases of requests: ask, approve, send back, withdraw, cancel."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.allowance.service import answer_allowance
from dispatch.errors import ReasonNeeded, UnknownPassenger
from dispatch.missions.errors import RideOfMission
from dispatch.missions.store import rides_of_missions
from dispatch.orders.steps import move_request
from dispatch.orders.store import lock_order
from dispatch.parts import own_request, request_parts, sees_request
from dispatch.requests import store
from dispatch.requests.feasible import (
    check_passengers,
    check_places,
    check_sharing,
    check_way,
    standings,
    way_wished,
)
from dispatch.requests.moving import move_on
from dispatch.requests.schemas import RequestIn
from dispatch.requests.stale import stale_request
from dispatch.requests.states import (
    NEEDS_REASON,
    OF_WHOLE_MISSION,
    RequestAction,
    RequestState,
    check_period,
    next_state,
)
from dispatch.requests.urgency import Urgency
from dispatch.roads.travel_times import TravelTimes
from dispatch.tables import Order, Request
from fleet import acts, journal
from fleet.access import Actor
from fleet.permissions import Permission
from kit.errors import NotFound
from kit.ids import new_id


async def ask(
    session: AsyncSession,
    actor: Actor,
    wish: RequestIn,
    now: datetime,
    address: str | None,
    roads: TravelTimes | None = None,
) -> Request:
    """Write a request, submitted at once unless it is a draft.

    roads: by which its places are judged; of the past, where rides are entered that were driven,
    no map is asked
    Raises NotFound for a unit outside the actor's scope, UnknownPassenger, and the errors of
    `check_period`, `check_places`, `check_sharing`, `check_way` and `check_passengers`.
    """
    check_period(wish.start, wish.end, now)
    unit_no = await unit_asked_for(session, actor, wish.organisation_id)
    check_places(wish, await asyncio.to_thread(standings, wish, roads))
    check_sharing(wish)
    await asyncio.to_thread(check_way, way_wished(wish), (wish.start, wish.end), roads)
    await check_passengers(session, unit_no, wish.passengers, now)
    request = Request(
        id=new_id(),
        organisation_no=unit_no,
        applicant_no=actor.person_no,
        passenger_no=await passenger_named(session, actor, wish.passenger_id, now),
        passengers=wish.passengers,
        purpose=wish.purpose,
        purpose_text=wish.purpose_text,
        category=wish.category,
        period=Range(wish.start, wish.end, bounds="[)"),
        origin_name=wish.origin.name,
        origin_latitude=wish.origin.latitude,
        origin_longitude=wish.origin.longitude,
        destination_name=wish.destination.name,
        destination_latitude=wish.destination.latitude,
        destination_longitude=wish.destination.longitude,
        waypoints=[one.model_dump() for one in wish.waypoints],
        round_trip=wish.round_trip,
        may_share=wish.may_share,
        state=RequestState.DRAFT,
        revision=1,
    )
    session.add(request)
    await session.flush()
    if not wish.draft:
        await answer_allowance(session, request, now)
        move_request(
            session, request, RequestAction.SUBMIT, RequestState.UNIT_REVIEW, actor, now, None
        )
    journal.record(
        session,
        actor=actor,
        action="request.create",
        object_kind="request",
        object_id=request.id,
        now=now,
        organisation_no=unit_no,
        before={"state": None},
        after={"state": str(request.state), **wish.model_dump(mode="json")},
        address=address,
    )
    await session.flush()
    return request


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does to a request, having read this revision of it."""

    action: RequestAction
    revision: int
    reason: str | None


async def act(
    session: AsyncSession,
    actor: Actor,
    request_id: UUID,
    doing: Act,
    now: datetime,
    address: str | None,
    roads: TravelTimes | None = None,
) -> Request:
    """Move a request on. A cancellation cancels its order too, and the slip becomes void.

    Of an order that serves others as well only the request is taken, and the rest planned anew by
    these roads.

    Raises NotFound, StaleRevision, ReasonNeeded, RideOfMission and the errors of
    `requests.next_state`.
    """
    # Everywhere an order is locked before its requests, so that nobody waits in a ring.
    order = await _order_to_cancel(session, actor, request_id, doing)
    request = await _locked(session, actor, request_id, doing)
    to = next_state(RequestState(request.state), doing.action, request_parts(actor, request))
    if doing.action is RequestAction.SUBMIT:
        await answer_allowance(session, request, now)
    done = acts.Act(actor, now, address, doing.reason)
    await move_on(session, done, request, order, doing.action, to, roads)
    await session.flush()
    return request


async def _order_to_cancel(
    session: AsyncSession, actor: Actor, request_id: UUID, doing: Act
) -> Order | None:
    """Return the order of a request that is to be cancelled, locked."""
    if doing.action is not RequestAction.CANCEL:
        return None
    if await store.find_request(session, request_id, sees_request(actor)) is None:
        raise NotFound
    order_id = await store.order_id_of(session, request_id)
    return await lock_order(session, order_id, true()) if order_id else None


async def _locked(session: AsyncSession, actor: Actor, request_id: UUID, doing: Act) -> Request:
    request = await store.lock_request(session, request_id, sees_request(actor))
    if request is None:
        raise NotFound
    if request.revision != doing.revision:
        raise await stale_request(session, request, doing.revision)
    if doing.action in NEEDS_REASON and not doing.reason:
        raise ReasonNeeded(action=doing.action)
    if doing.action in OF_WHOLE_MISSION and await rides_of_missions(session, [request.id]):
        raise RideOfMission
    return request


async def unit_asked_for(session: AsyncSession, actor: Actor, organisation_id: UUID | None) -> int:
    """Return the unit for which the actor asks: the one named, or their own. Raises NotFound."""
    if organisation_id is None:
        return actor.home(Permission.REQUEST_APPLY)
    unit_no = await store.organisation_no(session, organisation_id)
    actor.require(Permission.REQUEST_APPLY, unit_no)
    if unit_no is None:
        raise NotFound
    return unit_no


async def passenger_named(
    session: AsyncSession, actor: Actor, person_id: UUID | None, now: datetime
) -> int:
    """Return the passenger's number: the person named, or the actor. Raises UnknownPassenger."""
    if person_id is None or person_id == actor.person_id:
        return actor.person_no
    scope = actor.scope(Permission.REQUEST_APPLY)
    person_no = await store.person_no_in(session, person_id, scope, now)
    if person_no is None:
        raise UnknownPassenger
    return person_no


async def find(session: AsyncSession, actor: Actor, request_id: UUID) -> Request:
    """Return a request within the actor's sight. Raises NotFound."""
    request = await store.find_request(session, request_id, sees_request(actor))
    if request is None:
        raise NotFound
    return request


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which requests a list shows; None and empty mean all within sight."""

    states: Sequence[RequestState]
    mine: bool
    organisation_id: UUID | None
    in_series: bool | None


async def list_seen(
    session: AsyncSession,
    actor: Actor,
    which: RequestFilter,
    before: UUID | None,
    limit: int,
) -> Sequence[Request]:
    """Return at most `limit` requests within the actor's sight, newest first."""
    return await store.list_requests(session, await _seen(session, actor, which), before, limit)


async def list_urgent(
    session: AsyncSession,
    actor: Actor,
    which: RequestFilter,
    place: Urgency | None,
    limit: int,
) -> list[tuple[Request, int]]:
    """Return at most `limit` requests within the actor's sight, most urgent first, with classes."""
    return await store.list_by_urgency(session, await _seen(session, actor, which), place, limit)


async def _seen(
    session: AsyncSession, actor: Actor, which: RequestFilter
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        own_request(actor) if which.mine else sees_request(actor)
    ]
    if which.states:
        conditions.append(Request.state.in_(which.states))
    if which.organisation_id is not None:
        unit_no = await store.organisation_no(session, which.organisation_id)
        conditions.append(Request.organisation_no == unit_no)
    if which.in_series is not None:
        conditions.append(store.in_series() if which.in_series else ~store.in_series())
    return conditions
