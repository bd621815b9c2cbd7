"""Use cases: ask for a day's plan, and make the one that has waited longest."""

import asyncio
import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.automatic.on_duty import any_dispatcher
from dispatch.capacity.alternatives import alternatives_of
from dispatch.capacity.fitting import ANY_TYPE
from dispatch.plans import store
from dispatch.plans.drivers import window_of
from dispatch.plans.errors import DayNotPlanned
from dispatch.plans.reading import ReadDay, read_day
from dispatch.plans.saving import first_broken, nothing_to_propose, saved_by, sentence_of
from dispatch.plans.sharing import Arranged, arrange, arrange_apart
from dispatch.plans.tables import Plan, PlanLine
from dispatch.plans.words import PlanLineState, PlanState
from dispatch.roads.travel_times import TravelTimes
from dispatch.shared_rides.kernel import is_ready
from fleet.access import Actor
from fleet.acts import Act
from fleet.tables import Organisation
from kit.clock import day_start, shanghai_day
from kit.database import Sessions, transaction
from kit.ids import new_id
from kit.isolation import Isolated

log = logging.getLogger(__name__)

MOST_DAYS_AHEAD = 31
_BUSY_HOUR = timedelta(hours=9)
_FAILED = "排班时出错，原因已记入系统日志，请联系系统管理员"
# The database itself is away: the plan stays asked for.
_AWAY = (OperationalError, InterfaceError, OSError)


async def ask_for_plan(
    session: AsyncSession, act: Act, organisation: Organisation, day: date
) -> Plan:
    """Have a plan made for the organisation's vehicles and drivers on a Shanghai day.

    Raises DayNotPlanned for a day that is over, or too far ahead.
    """
    assert act.actor is not None
    today = shanghai_day(act.now)
    if not today <= day <= today + timedelta(days=MOST_DAYS_AHEAD):
        raise DayNotPlanned(first=today.isoformat())
    return await _ask(session, act, organisation.no, day, act.actor)


async def ask_by_itself(
    session: AsyncSession, dispatcher: Actor, organisation_no: int, day: date, now: datetime
) -> Plan:
    """Have a plan made that nobody asked for; it is told as the system's, for a dispatcher."""
    return await _ask(session, Act(None, now), organisation_no, day, dispatcher)


async def _ask(
    session: AsyncSession, act: Act, organisation_no: int, day: date, on_behalf: Actor
) -> Plan:
    plan = Plan(
        id=new_id(),
        organisation_no=organisation_no,
        day=day,
        state=PlanState.ASKED,
        asked_by_no=on_behalf.person_no,
        automatic=act.actor is None,
        asked_at=act.now,
    )
    session.add(plan)
    act.record(
        session,
        "plan.ask",
        "plan",
        plan.id,
        organisation_no=organisation_no,
        after={"day": day.isoformat(), "automatic": plan.automatic},
    )
    await session.flush()
    return plan


async def plan_step(
    sessions: Sessions, travel_times: Callable[[], TravelTimes], now: datetime
) -> bool:
    """Make the plan that has waited longest; return whether there was one.

    The plan's row is locked meanwhile: a worker that dies leaves it asked for, for the next one.
    What goes wrong with one plan is told by it, and keeps no other waiting.
    travel_times: of the roads, called in a thread
    """
    async with transaction(sessions) as session:
        plan = await store.next_asked(session)
        if plan is None:
            return False
        with Isolated(log, "a plan can't be made", passing=_AWAY, plan=str(plan.id)) as tried:
            async with session.begin_nested():
                await _make(session, plan, travel_times, now)
        if tried.failed:
            await session.refresh(plan)
            plan.state, plan.proposed_at, plan.sentence = PlanState.PROPOSED, now, _FAILED
        await store.replace_older(session, plan)
        Act(None, now).record(
            session,
            "plan.propose",
            "plan",
            plan.id,
            organisation_no=plan.organisation_no,
            after={"sentence": plan.sentence, **(plan.figures or {})},
        )
        await session.flush()
    return True


async def _make(
    session: AsyncSession, plan: Plan, travel_times: Callable[[], TravelTimes], now: datetime
) -> None:
    roads = await asyncio.to_thread(travel_times)
    busy = roads.at(day_start(plan.day) + _BUSY_HOUR)
    read = await read_day(session, plan.organisation_no, plan.day, now, busy)
    plan.state, plan.proposed_at = PlanState.PROPOSED, now
    plan.sentence = nothing_to_propose(read)
    if plan.sentence is None:
        arranged = await asyncio.to_thread(_arranged, read, busy, now)
        _write(session, plan, read, arranged)
        await _tell_first_broken(session, plan, read, arranged, now)
    await session.flush()


def _arranged(read: ReadDay, busy: TravelTimes, now: datetime) -> Arranged:
    """Return the best plan found; nobody shares while the search is still being compiled."""
    return arrange(read, busy, now) if is_ready() else arrange_apart(read)


def _write(session: AsyncSession, plan: Plan, read: ReadDay, arranged: Arranged) -> None:
    proposal = arranged.proposal
    lines = {line.ride: line for line in proposal.lines}
    ride_of = {r: ride for ride, riders in enumerate(arranged.riders) for r in riders}
    shared = [ride for ride, riders in enumerate(arranged.riders) if len(riders) > 1]
    for r, request in enumerate(read.requests):
        ride = ride_of[r]
        line = lines.get(ride)
        is_first = arranged.riders[ride][0] == r
        session.add(
            PlanLine(
                plan_id=plan.id,
                request_id=request.id,
                request_revision=request.revision,
                promised=request.id in read.held,
                state=PlanLineState.PROPOSED if line else PlanLineState.UNSERVED,
                vehicle_no=read.vehicle_nos[line.car] if line else None,
                driver_no=read.driver_nos[line.crew] if line else None,
                empty_m=line.empty_m if line and is_first else None,
                sentence=None if line else sentence_of(arranged.day, ride, proposal),
                shared_group=shared.index(ride) + 1 if line and ride in shared else None,
                pick_up_at=arranged.pick_ups.get(r) if line else None,
            )
        )
    plan.figures = {
        "rides": len(read.requests),
        "promised": len(read.held),
        "served": sum(len(arranged.riders[ride]) for ride in lines),
        "shared": sum(len(arranged.riders[ride]) for ride in lines if ride in shared),
        "empty_m": proposal.empty_m,
        "vehicles": len({line.car for line in proposal.lines}),
        "drivers": len({line.crew for line in proposal.lines}),
    }


async def _tell_first_broken(
    session: AsyncSession, plan: Plan, read: ReadDay, arranged: Arranged, now: datetime
) -> None:
    """Write which promise breaks first, and what would save it."""
    day, proposal = arranged.day, arranged.proposal
    ride = first_broken(day, proposal)
    if ride is None:
        return
    riders = [read.requests[r] for r in arranged.riders[ride]]
    request = next(one for one in riders if one.id in read.held)
    window = window_of((day_start(plan.day), day_start(plan.day + timedelta(days=1))))
    by_car, by_crew = await asyncio.to_thread(saved_by, day, ride, proposal, window)
    told: dict[str, object] = {
        "request_id": str(request.id),
        "sentence": sentence_of(day, ride, proposal),
        "one_more_vehicle": by_car,
        "one_more_driver": by_crew,
        "alternatives": None,
    }
    dispatcher = await any_dispatcher(session, request.organisation_no, now)
    if dispatcher is not None:
        found = await alternatives_of(
            session, dispatcher, request.id, plan.organisation_no, ANY_TYPE, now
        )
        # Rides of others are told to whoever reads the plan, and kept nowhere.
        told["alternatives"] = found.model_dump(mode="json") | {"to_share_with": []}
    plan.first_broken = told
