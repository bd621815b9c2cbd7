"""Use cases of a mission's plan: written, and written anew as a whole.

Requests are made of its vehicles only once it is approved; until then the plan may be written anew.
The journal keeps all of it, before and after.
"""

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import StepNotAllowed
from dispatch.missions.inputs import MissionIn, MissionRideIn
from dispatch.missions.named import require_runner, who
from dispatch.missions.naming import name_as, numbers_of, require_dispatchers
from dispatch.missions.plans import check_plan, require_revision
from dispatch.missions.states import WRITTEN, MissionState
from dispatch.missions.tables import Mission, MissionPerson, MissionRide
from dispatch.missions.words import PURPOSE_OF, MissionPart
from dispatch.requests.feasible import check_passengers
from fleet.acts import Act
from fleet.organisations.store import organisation_in
from fleet.permissions import Permission
from kit.ids import new_id


async def write_mission(session: AsyncSession, act: Act, wish: MissionIn) -> Mission:
    """Write a mission, submitted at once unless it is a draft.

    Raises NotFound for a unit for which the actor doesn't dispatch, MorePassengersThanSeats, and
    the errors of `check_plan`, `numbers_of` and `require_dispatchers`.
    """
    actor = who(act)
    check_plan(wish, act.now)
    unit = await organisation_in(
        session, wish.organisation_id, actor.scope(Permission.ORDER_ASSIGN)
    )
    mission = Mission(
        organisation_no=unit.no,
        planned_by_no=actor.person_no,
        state=MissionState.DRAFT if wish.draft else MissionState.UNIT_REVIEW,
        submitted_at=None if wish.draft else act.now,
        revision=1,
        **_written(wish),
    )
    session.add(mission)
    await session.flush()
    await _write_rest(session, act, mission, wish)
    act.record(
        session,
        "mission.write",
        "mission",
        mission.id,
        organisation_no=unit.no,
        after=wish.model_dump(mode="json"),
    )
    return mission


async def rewrite_mission(
    session: AsyncSession, act: Act, mission: Mission, wish: MissionIn, revision: int
) -> None:
    """Write a locked mission anew that is not submitted, or was sent back.

    Raises StepNotYours, StaleRevision, StepNotAllowed, and what `write_mission` raises.
    """
    await require_runner(session, who(act), mission, "write")
    require_revision(mission, revision)
    if mission.state not in WRITTEN:
        raise StepNotAllowed(state=mission.state, action="write", actions=[])
    check_plan(wish, act.now)
    before = _as_kept(mission)
    for name, value in _written(wish).items():
        setattr(mission, name, value)
    mission.revision += 1
    for table in (MissionPerson, MissionRide):
        await session.execute(delete(table).where(table.mission_no == mission.no))
    await _write_rest(session, act, mission, wish)
    act.record(
        session,
        "mission.rewrite",
        "mission",
        mission.id,
        organisation_no=mission.organisation_no,
        before=before,
        after=wish.model_dump(mode="json"),
    )


async def _write_rest(session: AsyncSession, act: Act, mission: Mission, wish: MissionIn) -> None:
    """Write who is named in a mission, and its vehicles."""
    runners = {*wish.runner_ids, who(act).person_id}
    asked = {wish.liaison_id, *wish.reader_ids, *runners}
    asked |= {ride.passenger_id for ride in wish.rides if ride.passenger_id}
    nos = await numbers_of(session, act, asked)
    name_as(session, mission, MissionPart.LIAISON, [nos[wish.liaison_id]])
    name_as(session, mission, MissionPart.READER, [nos[id] for id in wish.reader_ids])
    name_as(session, mission, MissionPart.RUNNER, [nos[id] for id in runners])
    await require_dispatchers(session, mission, [nos[id] for id in runners], act.now)
    for passengers in sorted({ride.passengers for ride in wish.rides}):
        await check_passengers(session, mission.organisation_no, passengers, act.now)
    made = [
        _ride(wish, ride, mission, nos[ride.passenger_id or wish.liaison_id])
        for ride in wish.rides
        for _ in range(ride.count)
    ]
    for position, ride in enumerate(made, start=1):
        ride.position = position
    session.add_all(made)
    await session.flush()


def _ride(wish: MissionIn, ride: MissionRideIn, mission: Mission, passenger_no: int) -> MissionRide:
    to = ride.destination or wish.assembly
    return MissionRide(
        id=new_id(),
        mission_no=mission.no,
        standby=ride.standby,
        period=Range(ride.start or wish.gather_at, ride.end or wish.end, bounds="[)"),
        passengers=ride.passengers,
        passenger_no=passenger_no,
        category=ride.category,
        destination_name=to.name,
        destination_latitude=to.latitude,
        destination_longitude=to.longitude,
    )


def _written(wish: MissionIn) -> dict[str, object]:
    """Return the columns that a plan writes."""
    return {
        "kind": wish.kind,
        "title": wish.title,
        "plan": wish.plan,
        "purpose": wish.purpose or PURPOSE_OF[wish.kind],
        "period": Range(wish.start, wish.end, bounds="[)"),
        "gather_at": wish.gather_at,
        "assembly_name": wish.assembly.name,
        "assembly_latitude": wish.assembly.latitude,
        "assembly_longitude": wish.assembly.longitude,
        "assembly_radius_m": wish.assembly.radius_m,
    }


def _as_kept(mission: Mission) -> dict[str, object]:
    start, end = mission.period.lower, mission.period.upper
    return {
        "kind": mission.kind,
        "title": mission.title,
        "plan": mission.plan,
        "purpose": mission.purpose,
        "start": start.isoformat() if start else None,
        "end": end.isoformat() if end else None,
        "gather_at": mission.gather_at.isoformat(),
        "assembly": mission.assembly_name,
        "state": mission.state,
    }
