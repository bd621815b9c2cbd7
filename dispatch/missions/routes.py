"""Missions over HTTP: planned, approved once, issued in batches, watched as they arrive."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from dispatch.cursors import Cursor, Limit, before_id, cursor_after
from dispatch.errors import EmptyPeriod
from dispatch.missions import inputs, schemas, store, views
from dispatch.missions.board import read_arrivals
from dispatch.missions.convoy import order_convoy
from dispatch.missions.deciding import act_on_mission
from dispatch.missions.issuing import issue_slips, plan_mission
from dispatch.missions.looking import journal_plan
from dispatch.missions.named import reads_mission
from dispatch.missions.naming import name_people
from dispatch.missions.replacing import replace_vehicle
from dispatch.missions.states import MissionAction, MissionState
from dispatch.missions.tables import Mission
from dispatch.missions.writing import rewrite_mission, write_mission
from dispatch.retrying import RetriedRoute
from dispatch.roads.serving import Roads
from dispatch.schemas import PeriodOut, PlateRef
from dispatch.suggestions.weighing import Sources
from fleet.access import Actor, Allow, AllowAnyone
from fleet.acts import Act
from fleet.permissions import Permission
from kit.web import Address, DbSession, InstantIn, Now

router = APIRouter(tags=["missions"], route_class=RetriedRoute)

# Whoever is named in it, and whoever is to approve it; by its own rule, not by a unit's roles.
Concerned = Annotated[Actor, AllowAnyone(widened_by=(Permission.REQUEST_APPROVE,))]
Dispatcher = Annotated[Actor, Allow(Permission.ORDER_ASSIGN)]


def _sources(request: Request, roads: Roads) -> Sources:
    return Sources(travel_times=roads, live=getattr(request.app.state, "live", None))


Asked = Annotated[Sources, Depends(_sources)]


@dataclass(frozen=True, slots=True)
class MissionDoor:
    """What everything needs that is done to a mission: which, by whom, when and from where."""

    mission_id: UUID
    actor: Actor
    session: DbSession
    now: Now
    address: Address

    def act(self, reason: str | None = None) -> Act:
        """Return the circumstances, with a reason."""
        return Act(self.actor, self.now, self.address, reason)

    async def find(self) -> Mission:
        """Return the mission. Raises NotFound."""
        return await store.find_mission(self.session, self.actor, self.mission_id)

    async def lock(self) -> Mission:
        """Return the mission, locked. Raises NotFound."""
        return await store.lock_mission(self.session, self.actor, self.mission_id)

    async def detail(self, mission: Mission) -> schemas.MissionDetail:
        """Return what the actor reads of the mission now."""
        return await views.mission_detail(self.session, self.actor, mission)


@dataclass(frozen=True, slots=True)
class RunnersDoor(MissionDoor):
    """For whoever dispatches; that they run this one is asked by each use case."""

    actor: Dispatcher


@dataclass(frozen=True, slots=True)
class ReadersDoor(MissionDoor):
    """For whoever is named in it, and whoever is to approve it."""

    actor: Concerned


Runner = Annotated[RunnersDoor, Depends()]
Reader = Annotated[ReadersDoor, Depends()]


@router.get("/missions")
async def list_missions(
    actor: Concerned,
    session: DbSession,
    state: Annotated[list[MissionState] | None, Query(max_length=len(MissionState))] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> schemas.MissionPage:
    """List the missions in which one is named, or which one is to approve, newest first."""
    query = select(Mission).where(reads_mission(actor)).order_by(Mission.id.desc())
    if state:
        query = query.where(store.standing_state().in_(state))
    if (before := before_id(cursor)) is not None:
        query = query.where(Mission.id < before)
    found = (await session.scalars(query.limit(limit + 1))).all()
    return schemas.MissionPage(
        items=await views.mission_items(session, found[:limit]),
        next_cursor=cursor_after(found, limit),
    )


@router.post("/missions", status_code=201)
async def create_mission(
    wish: inputs.MissionIn, actor: Dispatcher, session: DbSession, now: Now, address: Address
) -> schemas.MissionDetail:
    """Write a mission's plan; it is submitted for its one approval unless it is a draft."""
    mission = await write_mission(session, Act(actor, now, address), wish)
    return await views.mission_detail(session, actor, mission)


@router.get("/missions/busy")
async def list_busy(
    actor: Annotated[Actor, Allow(Permission.ORDER_READ)],
    session: DbSession,
    now: Now,
    start: InstantIn,
    end: InstantIn,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> schemas.BusyPage:
    """List vehicles within scope that missions keep busy in a period, and nothing more of them."""
    if end <= start:
        raise EmptyPeriod
    scope, period = actor.scope(Permission.ORDER_READ), Range(start, end, bounds="[)")
    found = await store.busy_between(session, scope, period, now, before_id(cursor), limit + 1)
    return schemas.BusyPage(
        items=[
            schemas.BusyVehicle(
                vehicle=PlateRef(id=one.vehicle_id, plate=one.plate),
                period=PeriodOut(start=one.start, end=one.end),
            )
            for one in found[:limit]
        ],
        next_cursor=cursor_after(found, limit),
    )


@router.get("/missions/{mission_id}")
async def get_mission(door: Reader) -> schemas.MissionDetail:
    """Return a mission with its plan, people and vehicles; each reading is journalled."""
    mission = await door.find()
    journal_plan(door.session, door.act(), mission)
    return await door.detail(mission)


@router.put("/missions/{mission_id}")
async def change_mission(wish: inputs.MissionChangeIn, door: Runner) -> schemas.MissionDetail:
    """Write a draft, or one that was sent back, anew as a whole."""
    mission = await door.lock()
    await rewrite_mission(door.session, door.act(), mission, wish, wish.revision)
    return await door.detail(mission)


@router.put("/missions/{mission_id}/people")
async def change_people(wish: inputs.MissionPeopleIn, door: Runner) -> schemas.MissionDetail:
    """Name who reads a mission and who runs it, from now on."""
    mission = await door.lock()
    await name_people(door.session, door.act(), mission, wish)
    return await door.detail(mission)


@router.put("/missions/{mission_id}/convoy-order")
async def change_convoy_order(wish: inputs.ConvoyOrderIn, door: Runner) -> schemas.MissionDetail:
    """Put the vehicles of a mission into another order."""
    mission = await door.lock()
    await order_convoy(door.session, door.act(), mission, wish.ride_ids)
    return await door.detail(mission)


@router.post("/missions/{mission_id}/plan")
async def choose_vehicles(door: Runner, sources: Asked) -> schemas.MissionDetail:
    """Choose vehicles and drivers for all rides that await one; nothing is promised yet."""
    mission = await door.lock()
    await plan_mission(door.session, door.act(), mission, sources)
    return await door.detail(mission)


@router.post("/missions/{mission_id}/slips")
async def create_slips(wish: inputs.SlipsIn, door: Runner) -> schemas.SlipsOut:
    """Make orders of the next planned rides, each with its numbered slip, in one transaction."""
    mission = await door.lock()
    issued, left, refused = await issue_slips(
        door.session, door.act(wish.reason), mission, wish.most
    )
    detail = await door.detail(mission)
    return schemas.SlipsOut(issued=issued, left=left, refused=refused, mission=detail)


@router.get("/missions/{mission_id}/arrivals")
async def get_arrivals(door: Reader, sources: Asked) -> schemas.ArrivalsOut:
    """Say who is at the assembly point, on the way with a forecast, or missing; journalled."""
    return await read_arrivals(door.session, door.act(), await door.find(), sources)


@router.post("/missions/{mission_id}/rides/{ride_id}/replace")
async def replace_ride(
    ride_id: UUID, wish: inputs.ReplaceIn, door: Runner
) -> schemas.MissionDetail:
    """Let a standby take the place of a vehicle, before departure or on the road."""
    mission = await door.lock()
    act = door.act(wish.reason)
    await replace_vehicle(door.session, act, mission, ride_id, wish.standby_id)
    return await door.detail(mission)


@router.post("/missions/{mission_id}/{action}")
async def act_on(
    action: inputs.MissionStepName, step: inputs.MissionStepIn, door: Reader
) -> schemas.MissionDetail:
    """Move a mission on; who may do what in which state stands in `missions/states.py`."""
    mission = await door.lock()
    act = door.act(step.reason)
    await act_on_mission(door.session, act, mission, MissionAction(action), step.revision)
    return await door.detail(mission)
