"""Tells those who wait for a vehicle where it is and when it will be there."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.approach import store
from dispatch.approach.phases import (
    SHOWN,
    ApproachPhase,
    ApproachRules,
    Run,
    away_m,
    phase_of,
    shown_from,
    window_start,
)
from dispatch.approach.schemas import ApproachOut
from dispatch.approach.views import Coming, add_coming, driver_of
from dispatch.missions.named import open_request
from dispatch.orders.promise_store import promised_pickups
from dispatch.orders.states import OrderState
from dispatch.parts import own_request
from dispatch.refs import load_refs
from dispatch.requests.states import RequestState
from dispatch.requests.store import find_request
from dispatch.requests.views import pickup
from dispatch.roads.travel_times import TravelTimes
from dispatch.shared_rides.store import missed_somebody
from dispatch.sightings import Near, Sight, has_been, newest_seen
from dispatch.tables import Order, Request
from fleet import journal
from fleet.access import Actor
from fleet.permissions import Permission
from kit.errors import NotFound
from tracking.live.fleet import LiveFleet

RULES = ApproachRules()
_LOOK = "approach.read"
# A page that follows a vehicle asks every few seconds; one entry in so long says that it does.
_LOOKS_APART = timedelta(minutes=10)
_NO_ORDER_YET = frozenset(
    {
        RequestState.DRAFT,
        RequestState.UNIT_REVIEW,
        RequestState.SENT_BACK,
        RequestState.AWAITING_DISPATCH,
    }
)


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks, when, and from where."""

    actor: Actor
    now: datetime
    address: str | None


async def approach(
    session: AsyncSession,
    looking: Looking,
    request_id: UUID,
    live: LiveFleet,
    travel_times: TravelTimes,
) -> ApproachOut:
    """Return the approach of a request's vehicle.

    Raises NotFound for everybody but its passenger, applicant and dispatcher.
    """
    request = await find_request(session, request_id, _sees(looking.actor))
    if request is None:
        raise NotFound
    told = await _without_vehicle(session, request, looking.now)
    # A request that awaits another order after an undone one isn't told of the old one.
    order = None if _waits(request) else await store.order_of(session, request.id)
    if order is None or order.vehicle_no is None:
        return told
    refs = await load_refs(session, vehicles=[order.vehicle_no])
    told.vehicle = refs.vehicles[order.vehicle_no]
    told.driver = await driver_of(session, looking.actor, order)
    run = _run(request, order, told.promised_at)
    # Where it stops for others first is where they wait: that is not this passenger's to see.
    others = await store.serves_others_first(session, order.id, request.id)
    awaited = others or order.id in await missed_somebody(session, [order.id])
    # Whose taps are of others is told by where the vehicle has been.
    if awaited and run.state in (OrderState.ARRIVED, *([OrderState.DEPARTED] if others else [])):
        run = await _as_to_this_one(session, run, order.vehicle_no, looking.now)
    coming = await _coming(session, run, order, live, looking.now, is_hidden=others)
    await add_coming(told, coming, travel_times)
    if told.position is not None:
        await _journal(session, looking, order)
    return told


def _sees(actor: Actor) -> ColumnElement[bool]:
    dispatching = Request.organisation_no.in_(actor.scope(Permission.ORDER_ASSIGN))
    return or_(and_(dispatching, open_request(actor)), own_request(actor))


def _waits(request: Request) -> bool:
    return request.state in _NO_ORDER_YET


async def _without_vehicle(session: AsyncSession, request: Request, now: datetime) -> ApproachOut:
    told = await promised_pickups(session, [request.id])
    promised_at = told.get(request.id) or _bound(request.period.lower)
    return ApproachOut(
        at=now,
        state=RequestState(request.state),
        phase=ApproachPhase.UNASSIGNED if _waits(request) else ApproachPhase.OVER,
        pick_up=pickup(request),
        promised_at=promised_at,
        shown_from=shown_from(promised_at, RULES),
    )


def _run(request: Request, order: Order, promised_at: datetime) -> Run:
    return Run(
        state=OrderState(order.state),
        departed_at=order.departed_at,
        promised_at=promised_at,
        ends_at=_bound(order.period.upper),
        pick_up=request.pickup,
    )


async def _as_to_this_one(session: AsyncSession, run: Run, vehicle_no: int, now: datetime) -> Run:
    """Return a run that calls for several as it stands to one: arrived, or still coming."""
    near = Near(run.pick_up, RULES.here_m)
    since = run.departed_at
    been = since is not None and await has_been(session, vehicle_no, near, since, now)
    return replace(run, state=OrderState.ARRIVED if been else OrderState.DEPARTED)


def _bound(instant: datetime | None) -> datetime:
    assert instant is not None, "requests and orders have a start and an end"
    return instant


async def _coming(
    session: AsyncSession,
    run: Run,
    order: Order,
    live: LiveFleet,
    now: datetime,
    *,
    is_hidden: bool,
) -> Coming:
    """Look for the vehicle within the window, and nowhere else."""
    vehicle_no, sight = order.vehicle_no, None
    assert vehicle_no is not None, "an order without a vehicle is told without one"
    # While it is out for somebody else its place is theirs.
    if not is_hidden and not await store.is_out_elsewhere(session, order):
        sight = await _sight(session, run, vehicle_no, live, now)
    been = await _been_there(session, run, vehicle_no, sight, now)
    phase = phase_of(run, now, sight, been_there=been, rules=RULES)
    return Coming(run, phase, sight if phase in SHOWN else None, now, RULES)


async def _sight(
    session: AsyncSession, run: Run, vehicle_no: int, live: LiveFleet, now: datetime
) -> Sight | None:
    since = window_start(run, now, RULES)
    if since is None:
        return None
    newest = live.index.get(vehicle_no)
    if newest is not None and since.timestamp() <= newest.time_s <= now.timestamp():
        seen_at = datetime.fromtimestamp(newest.time_s, UTC)
        return Sight((newest.lat, newest.lon), seen_at, newest.course_deg)
    return await newest_seen(session, vehicle_no, since, now)


async def _been_there(
    session: AsyncSession, run: Run, vehicle_no: int, sight: Sight | None, now: datetime
) -> bool:
    if run.departed_at is None or sight is None or away_m(run, sight) <= RULES.here_m:
        return False
    near = Near(run.pick_up, RULES.here_m)
    return await has_been(session, vehicle_no, near, run.departed_at, now)


async def _journal(session: AsyncSession, looking: Looking, order: Order) -> None:
    since, no = looking.now - _LOOKS_APART, looking.actor.person_no
    if await store.looked_since(session, no, order.id, _LOOK, since):
        return
    journal.record_look_up(
        session,
        actor=looking.actor,
        action=_LOOK,
        object_kind="order",
        object_id=order.id,
        now=looking.now,
        purpose=None,
        organisation_no=order.organisation_no,
        address=looking.address,
    )
