"""Use cases: promise a request a type, take it back, and move a ride to another time."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity import store
from dispatch.capacity.errors import LongerThanApproved, NotAwaiting, NothingHeld
from dispatch.capacity.fitting import ANY_TYPE, VehicleType
from dispatch.capacity.holding import end, pool_nos, promise, told
from dispatch.capacity.tables import Reservation
from dispatch.capacity.words import ReservationState
from dispatch.errors import NothingChanged, ReasonNeeded
from dispatch.missions.errors import RideOfMission
from dispatch.missions.store import rides_of_missions
from dispatch.mobilisation.standing import require_in_force
from dispatch.orders.steps import move_request
from dispatch.orders.telling import take_back_promises
from dispatch.parts import sees_request
from dispatch.requests.feasible import check_way
from dispatch.requests.stale import stale_request
from dispatch.requests.states import RequestState, check_period
from dispatch.requests.store import lock_request
from dispatch.requests.way import way_of
from dispatch.roads.travel_times import TravelTimes
from dispatch.sealed.sealed import breaks_seals
from dispatch.tables import Request
from fleet.access import Actor
from fleet.acts import Act
from fleet.permissions import Permission
from kit.errors import NotFound

CHANGE_TIMES = "change_times"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be promised, by somebody who has read this revision of the request.

    pool_no: whose vehicles; None: the first that can, in the order of use
    """

    revision: int
    pool_no: int | None = None
    wanted: VehicleType = ANY_TYPE
    reason: str | None = None


async def reserve(session: AsyncSession, act: Act, request_id: UUID, wish: Wish) -> Reservation:
    """Promise a vehicle of a type; what was held before is released only when that succeeds.

    Raises NotFound, StaleRevision, NotAwaiting, CapacityFull.
    """
    actor = _by(act)
    request = await _locked(session, actor, request_id, wish.revision)
    _require_ahead(request, act.now)
    candidates = await pool_nos(session, actor, request, wish.pool_no, act.now)
    return await promise(session, act, request, candidates, wish.wanted)


async def release(session: AsyncSession, act: Act, request_id: UUID, revision: int) -> Reservation:
    """Take back what is held for a request, with a reason that is kept.

    Raises NotFound, StaleRevision, ReasonNeeded, NothingHeld.
    """
    if not act.reason:
        raise ReasonNeeded(action="release")
    request = await _locked(session, _by(act), request_id, revision)
    held = await store.held_for(session, request.id)
    if held is None:
        raise NothingHeld
    await end(session, act, request, held, ReservationState.RELEASED)
    return held


async def change_times(
    session: AsyncSession,
    act: Act,
    request_id: UUID,
    revision: int,
    start: datetime,
    end: datetime,
    roads: TravelTimes | None = None,
) -> Request:
    """Move a ride that awaits dispatch to other times, as was agreed with its passengers.

    What is held for it is promised anew for those times, by the same pool or the next that can.
    A pick-up time that was told for the times before no longer holds. Raises NotFound,
    StaleRevision, ReasonNeeded, NotAwaiting, RideOfMission, NothingChanged, LongerThanApproved,
    CapacityFull and the errors of `check_period` and `check_way`.
    """
    if not act.reason:
        raise ReasonNeeded(action=CHANGE_TIMES)
    actor = _by(act)
    request = await _locked(session, actor, request_id, revision)
    _require_ahead(request, act.now)
    if await rides_of_missions(session, [request.id]):
        raise RideOfMission
    if breaks_seals(request):
        await require_in_force(session, [request.id])
    was = request.period
    if (start, end) == (was.lower, was.upper):
        raise NothingChanged("The ride has these times already.")
    check_period(start, end, act.now)
    await asyncio.to_thread(check_way, way_of(request), (start, end), roads)
    if end - start > _approved(request):
        raise LongerThanApproved
    request.approved_s = ceil(_approved(request).total_seconds())
    request.period = Range(start, end, bounds="[)")
    held = await store.held_for(session, request.id)
    if held is not None:
        wanted = VehicleType(held.category, held.energy, held.holding)
        others = await pool_nos(session, actor, request, None, act.now)
        candidates = list(dict.fromkeys((held.organisation_no, *others)))
        await promise(session, act, request, candidates, wanted)
    await take_back_promises(session, actor, None, [request], act.reason, act.now)
    awaiting = RequestState(request.state)
    move_request(session, request, CHANGE_TIMES, awaiting, actor, act.now, act.reason)
    act.record(
        session,
        "request.change_times",
        "request",
        request.id,
        organisation_no=request.organisation_no,
        before=told(was),
        after=told(request.period),
    )
    await session.flush()
    return request


async def _locked(session: AsyncSession, actor: Actor, request_id: UUID, revision: int) -> Request:
    request = await lock_request(session, request_id, sees_request(actor))
    if request is None:
        raise NotFound
    actor.require(Permission.ORDER_ASSIGN, request.organisation_no)
    if request.revision != revision:
        raise await stale_request(session, request, revision)
    return request


def _approved(request: Request) -> timedelta:
    """Return for how long a ride a request was approved."""
    if request.approved_s is not None:
        return timedelta(seconds=request.approved_s)
    period = request.period
    assert period.lower is not None, "a request has a start"
    assert period.upper is not None, "a request has an end"
    return period.upper - period.lower


def _require_ahead(request: Request, now: datetime) -> None:
    start = request.period.lower
    if request.state != RequestState.AWAITING_DISPATCH or start is None or start <= now:
        raise NotAwaiting(state=request.state)


def _by(act: Act) -> Actor:
    assert act.actor is not None
    return act.actor
