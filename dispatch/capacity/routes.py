"""Capacity over HTTP: promise a type, take it back, other times, and what can't be kept."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from dispatch.capacity import reserving, store
from dispatch.capacity.alternatives import alternatives_of
from dispatch.capacity.endangered import endangered
from dispatch.capacity.fitting import VehicleType
from dispatch.capacity.refusing import SharedAnswers, told_alternatives
from dispatch.capacity.reserving import Wish
from dispatch.capacity.schemas import (
    AlternativesOut,
    EndangeredList,
    EndangeredOut,
    ReleaseIn,
    ReservationIn,
    ReservationOut,
    ReservationPage,
    TimesIn,
)
from dispatch.capacity.tables import Reservation
from dispatch.capacity.views import reservations_out
from dispatch.capacity.words import ReservationState
from dispatch.parts import sees_request
from dispatch.requests.schemas import RequestDetail
from dispatch.requests.views import request_detail
from dispatch.retrying import RetriedRoute
from dispatch.roads.serving import Roads
from dispatch.tables import Request
from fleet.access import Actor, Allow, AllowAnyone
from fleet.acts import Act
from fleet.lists import Paging
from fleet.organisations.store import organisation_in
from fleet.permissions import Permission
from kit.web import Address, AppSessions, DbSession, Now

router = APIRouter(tags=["dispatch"], route_class=RetriedRoute)

Dispatcher = Annotated[Actor, Allow(Permission.ORDER_ASSIGN)]
# Whoever asks or rides, and those who may read requests of the unit.
Concerned = Annotated[Actor, AllowAnyone(widened_by=(Permission.REQUEST_READ,))]


@router.get("/reservations")
async def list_reservations(
    actor: Concerned,
    session: DbSession,
    part: Paging,
    state: Annotated[list[ReservationState] | None, Query(max_length=len(ReservationState))] = None,
    request_id: UUID | None = None,
) -> ReservationPage:
    """List what one's own requests and those of the units in scope were promised, newest first."""
    conditions = [sees_request(actor)]
    if state:
        conditions.append(Reservation.state.in_(state))
    if request_id is not None:
        conditions.append(Reservation.request_id == request_id)
    page = await store.list_reservations(session, conditions, part)
    rows = [(row[0], row[1]) for row in page.items]
    return ReservationPage(
        items=await reservations_out(session, rows), next_cursor=page.next_cursor
    )


@router.get("/reservations/endangered")
async def list_endangered(
    actor: Dispatcher, session: DbSession, now: Now, organisation_id: UUID
) -> EndangeredList:
    """List what an organisation's vehicles can't keep of what was promised, the earliest first."""
    scope = actor.scope(Permission.ORDER_ASSIGN)
    pool = await organisation_in(session, organisation_id, scope)
    found = [
        (one, why)
        for one, why in await endangered(session, pool.no, now)
        if one.request.organisation_no in scope
    ]
    shown = await reservations_out(session, [(one.reservation, one.request) for one, _ in found])
    return EndangeredList(
        items=[
            EndangeredOut(reservation=out, sentence=why)
            for out, (_, why) in zip(shown, found, strict=True)
        ]
    )


@router.post("/requests/{request_id}/reservation", status_code=201)
async def create_reservation(
    request_id: UUID,
    body: ReservationIn,
    actor: Dispatcher,
    session: DbSession,
    sessions: AppSessions,
    answers: SharedAnswers,
    now: Now,
    address: Address,
) -> ReservationOut:
    """Promise a request a vehicle of a type; the plate is bound later."""
    wanted = VehicleType(body.category, body.energy, body.holding)
    pool_no = await _pool_no(session, actor, body.organisation_id)
    act = Act(actor, now, address, body.reason)
    async with told_alternatives(
        sessions, session, answers, actor, request_id, pool_no, wanted, now
    ):
        wish = Wish(body.revision, pool_no, wanted, body.reason)
        made = await reserving.reserve(session, act, request_id, wish)
    return await _shown(session, made)


@router.post("/requests/{request_id}/reservation/release")
async def release_reservation(
    request_id: UUID,
    body: ReleaseIn,
    actor: Dispatcher,
    session: DbSession,
    now: Now,
    address: Address,
) -> ReservationOut:
    """Take back what is held for a request."""
    act = Act(actor, now, address, body.reason)
    released = await reserving.release(session, act, request_id, body.revision)
    return await _shown(session, released)


@router.get("/requests/{request_id}/alternatives")
async def list_alternatives(
    request_id: UUID,
    actor: Dispatcher,
    session: DbSession,
    now: Now,
    organisation_id: UUID | None = None,
) -> AlternativesOut:
    """Tell what could be done where an organisation has no vehicle for a request."""
    pool_no = await _pool_no(session, actor, organisation_id)
    return await alternatives_of(session, actor, request_id, pool_no, VehicleType(), now)


@router.post("/requests/{request_id}/times")
async def change_times(
    request_id: UUID,
    body: TimesIn,
    actor: Dispatcher,
    session: DbSession,
    sessions: AppSessions,
    answers: SharedAnswers,
    roads: Roads,
    now: Now,
    address: Address,
) -> RequestDetail:
    """Move a ride that awaits dispatch to other times; what is held is promised anew for them."""
    act = Act(actor, now, address, body.reason)
    async with told_alternatives(
        sessions, session, answers, actor, request_id, None, VehicleType(), now
    ):
        request = await reserving.change_times(
            session, act, request_id, body.revision, body.start, body.end, roads
        )
    return await request_detail(session, actor, request)


async def _pool_no(session: DbSession, actor: Actor, organisation_id: UUID | None) -> int | None:
    if organisation_id is None:
        return None
    scope = actor.scope(Permission.ORDER_ASSIGN)
    return (await organisation_in(session, organisation_id, scope)).no


async def _shown(session: DbSession, made: Reservation) -> ReservationOut:
    await session.refresh(made)
    request = await session.get_one(Request, made.request_id)
    return (await reservations_out(session, [(made, request)]))[0]
