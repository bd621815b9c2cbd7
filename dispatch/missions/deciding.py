"""Use case: a mission moves on. Its one approval makes a request of each vehicle, all at once.

A request of a mission is approved with it and by the same person, never shares, and shows so in its
steps, from which the slip prints who approved. A cancellation cancels every order that is not out.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.allowance.service import answer_allowance
from dispatch.capacity.following import release_kept
from dispatch.errors import ReasonNeeded
from dispatch.missions import store
from dispatch.missions.errors import MissionOpen
from dispatch.missions.named import doers_of, who
from dispatch.missions.plans import require_revision
from dispatch.missions.states import (
    NEEDS_REASON,
    MissionAction,
    next_state,
)
from dispatch.missions.tables import Mission, MissionRide
from dispatch.orders.journalling import record_step, standing_of
from dispatch.orders.states import OrderAction, OrderState
from dispatch.orders.steps import Step, Tap, move_order, move_request
from dispatch.requests.approved_with import steps_with_whole
from dispatch.requests.states import OVER, WITHOUT_ORDER, RequestAction, RequestState
from dispatch.tables import Order, Request
from fleet.acts import Act
from kit.ids import new_id

_STANDING = (OrderState.ASSIGNED, OrderState.ACCEPTED)
_OVER = frozenset({OrderState.ARCHIVED, OrderState.CANCELLED, OrderState.INTERRUPTED})


async def act_on_mission(
    session: AsyncSession, act: Act, mission: Mission, action: MissionAction, revision: int
) -> None:
    """Move a locked mission on.

    Raises StaleRevision, ReasonNeeded, StepNotAllowed, StepNotYours, OwnApproval, MissionOpen.
    """
    actor = who(act)
    require_revision(mission, revision)
    state = await store.state_of(session, mission)
    to = next_state(state, action, await doers_of(session, actor, mission))
    if action in NEEDS_REASON and not act.reason:
        raise ReasonNeeded(action=action)
    before: dict[str, object] = {"state": str(state)}
    after: dict[str, object] = {"state": str(to)}
    if action is MissionAction.SUBMIT:
        mission.submitted_at = act.now
    elif action is MissionAction.APPROVE:
        after["requests"] = await _approve(session, act, mission)
    elif action is MissionAction.CANCEL:
        after["orders"] = await _cancel(session, act, mission)
    elif action is MissionAction.ARCHIVE:
        await _require_over(session, mission)
    mission.state, mission.state_reason = to, act.reason
    mission.revision += 1
    act.record(
        session,
        f"mission.{action}",
        "mission",
        mission.id,
        organisation_no=mission.organisation_no,
        before=before,
        after=after,
    )
    await session.flush()


async def _approve(session: AsyncSession, act: Act, mission: Mission) -> list[str]:
    """Make an approved request of each vehicle; return their ids."""
    mission.approved_by_no, mission.approved_at = who(act).person_no, act.now
    rides = await store.rides_of(session, mission.no)
    made = [_request(mission, ride) for ride in rides]
    session.add_all(made)
    # The rows must stand before the rides that refer to them.
    await session.flush()
    for ride, request in zip(rides, made, strict=True):
        ride.request_id = request.id
    await _answer_allowances(session, made, act.now)
    session.add_all(
        step
        for request in made
        for step in steps_with_whole(
            act,
            request,
            asked_by_no=mission.planned_by_no,
            asked_at=mission.submitted_at or act.now,
        )
    )
    await session.flush()
    return [str(request.id) for request in made]


def _request(mission: Mission, ride: MissionRide) -> Request:
    return Request(
        id=new_id(),
        organisation_no=mission.organisation_no,
        applicant_no=mission.planned_by_no,
        passenger_no=ride.passenger_no,
        passengers=ride.passengers,
        purpose=mission.purpose,
        purpose_text=mission.title,
        category=ride.category,
        period=ride.period,
        origin_name=mission.assembly_name,
        origin_latitude=mission.assembly_latitude,
        origin_longitude=mission.assembly_longitude,
        destination_name=ride.destination_name,
        destination_latitude=ride.destination_latitude,
        destination_longitude=ride.destination_longitude,
        round_trip=True,
        may_share=False,
        state=RequestState.AWAITING_DISPATCH,
        revision=3,
    )


async def _answer_allowances(session: AsyncSession, made: Sequence[Request], now: datetime) -> None:
    """Ask the allowance once of all requests that are alike for it."""
    told: dict[tuple[object, ...], Request] = {}
    for request in made:
        alike = (
            request.passenger_no,
            request.period.lower,
            request.destination_latitude,
            request.destination_longitude,
        )
        if alike not in told:
            await answer_allowance(session, request, now)
            told[alike] = request
        request.allowance = told[alike].allowance


async def _cancel(session: AsyncSession, act: Act, mission: Mission) -> list[str]:
    """Cancel what is not out: orders with their slips, and requests that wait for one.

    Orders are locked before requests, as everywhere.
    """
    actor, reason = who(act), act.reason
    standing = [
        order.id
        for order in (await store.orders_of(session, mission.no)).values()
        if order.state in _STANDING
    ]
    orders = await store.lock_rows(session, Order, standing)
    requests = await store.lock_rows(
        session, Request, list(await store.requests_of(session, mission.no))
    )
    cancelled = [order for order in orders.values() if order.state in _STANDING]
    for order in cancelled:
        step = Step(OrderAction.CANCEL, OrderState.CANCELLED, Tap(reason=reason), act.now, act.now)
        before = await standing_of(session, order)
        await move_order(session, order, step, actor)
        await session.flush()
        record_step(session, act, order, "order.cancel", before, await standing_of(session, order))
    for request in requests.values():
        if request.state in WITHOUT_ORDER:
            move_request(
                session,
                request,
                RequestAction.CANCEL,
                RequestState.CANCELLED,
                actor,
                act.now,
                reason,
            )
        if request.state == RequestState.CANCELLED:
            await release_kept(session, act, request)
    return [str(order.id) for order in cancelled]


async def _require_over(session: AsyncSession, mission: Mission) -> None:
    orders = await store.orders_of(session, mission.no)
    requests = await store.requests_of(session, mission.no)
    still_open = [str(one.id) for one in orders.values() if one.state not in _OVER]
    waiting = [str(one.id) for one in requests.values() if one.state not in OVER]
    if still_open or waiting:
        raise MissionOpen(orders=still_open, requests=waiting)
