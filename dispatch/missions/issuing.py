"""Use cases of an approved mission: vehicles chosen for all rides, and their slips in few steps.

A batch of orders is made in one transaction, each by the rules of any other
(`dispatch.orders.together`). A vehicle that can't be promised as planned takes nothing with it: the
others are issued, and no number is lost.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.asking import need_of
from dispatch.eligibility.errors import OverrideNeedsReason
from dispatch.errors import StepNotAllowed
from dispatch.matching.problem import Priority
from dispatch.missions import store
from dispatch.missions.broken_off import await_again, is_missed
from dispatch.missions.named import require_runner, who
from dispatch.missions.planning import Chosen, Taken, Wanted, choose
from dispatch.missions.states import RUNNING, MissionState
from dispatch.missions.tables import Mission, MissionRide
from dispatch.orders.states import OrderState
from dispatch.orders.together.booking import assign_together
from dispatch.orders.together.wishes import Wish
from dispatch.parts import sees_request
from dispatch.requests.states import RequestState
from dispatch.suggestions.weighing import Sources
from dispatch.tables import Order, Request
from fleet.acts import Act
from fleet.permissions import Permission
from kit.errors import DomainError, NotFound


async def require_running(session: AsyncSession, act: Act, mission: Mission, doing: str) -> None:
    """Refuse whoever doesn't run a mission, and one that is not approved or over.

    Raises StepNotYours, StepNotAllowed.
    """
    await require_runner(session, who(act), mission, doing)
    if mission.state not in RUNNING:
        raise StepNotAllowed(state=mission.state, action=doing, actions=[])


async def plan_mission(session: AsyncSession, act: Act, mission: Mission, sources: Sources) -> None:
    """Choose a vehicle and a driver for each ride of a locked mission that awaits one.

    What broke off on the road awaits another vehicle by this.
    """
    await require_running(session, act, mission, "plan")
    broken = await _take_up_what_broke_off(session, act, mission)
    requests = await store.requests_of(session, mission.no)
    rides = [r for r in await store.rides_of(session, mission.no) if _awaits(r, requests)]
    wanted = [_wanted(ride, requests) for ride in rides]
    scope = who(act).scope(Permission.ORDER_ASSIGN)
    chosen = await choose(session, scope, wanted, sources, act.now, apart_from=broken)
    before = {str(ride.id): [ride.vehicle_no, ride.driver_no] for ride in rides}
    for ride in rides:
        _write(ride, chosen[ride.id])
    mission.revision += 1
    act.record(
        session,
        "mission.plan",
        "mission",
        mission.id,
        organisation_no=mission.organisation_no,
        before={"rides": before},
        after={"rides": {str(ride.id): [ride.vehicle_no, ride.driver_no] for ride in rides}},
    )
    await session.flush()


async def _take_up_what_broke_off(session: AsyncSession, act: Act, mission: Mission) -> list[Taken]:
    """Let rides that broke off await a vehicle; return those that they broke off with."""
    seen = await store.requests_of(session, mission.no)
    rides = await store.rides_of(session, mission.no)
    missed = [
        ride.request_id
        for ride in rides
        if ride.request_id and is_missed(ride, seen.get(ride.request_id), act.now)
    ]
    newest = await store.orders_of(session, mission.no)
    broken = [_taken_by(one) for one in newest.values() if one.state == OrderState.INTERRUPTED]
    # Orders are locked before requests, as everywhere.
    orders = await store.lock_rows(session, Order, [newest[id].id for id in missed if id in newest])
    requests = await store.lock_rows(session, Request, missed)
    for id, request in requests.items():
        order = orders.get(newest[id].id) if id in newest else None
        await await_again(session, act, request, order, "plan")
    return broken


def _taken_by(order: Order) -> Taken:
    start, end = order.period.lower, order.period.upper
    assert start is not None
    assert end is not None
    return Taken(order.vehicle_no or 0, order.driver_no or 0, (start, end))


async def issue_slips(
    session: AsyncSession, act: Act, mission: Mission, most: int
) -> tuple[int, int, list[UUID]]:
    """Make orders of up to `most` planned rides of a locked mission, in convoy order.

    act.reason: overrides soft rules, for all of them
    Returns how many were issued, how many planned ones are left, and the rides that were refused.
    """
    await require_running(session, act, mission, "issue_slips")
    before = await store.state_of(session, mission)
    awaiting = await store.requests_of(session, mission.no)
    planned = [
        ride
        for ride in await store.rides_of(session, mission.no)
        if _awaits(ride, awaiting) and ride.vehicle_no is not None and ride.driver_no is not None
    ]
    batch = planned[:most]
    requests = await store.lock_rows(
        session,
        Request,
        [ride.request_id for ride in batch if ride.request_id],
        sees_request(who(act)),
    )
    refused: dict[UUID, str] = {}
    wishes: dict[UUID, Wish] = {}
    for ride in batch:
        request = requests.get(ride.request_id) if ride.request_id else None
        if request is None:
            refused[ride.id] = refusal(NotFound())
        elif ride.vehicle_no is not None and ride.driver_no is not None:
            wishes[ride.id] = Wish(request, ride.vehicle_no, ride.driver_no)
    made = await assign_together(session, act, who(act), list(wishes.values()))
    for ride_id, outcome in zip(wishes, made, strict=True):
        if isinstance(outcome, DomainError):
            refused[ride_id] = refusal(outcome)
    await _close(session, act, mission, before, refused, len(batch) - len(refused))
    return len(batch) - len(refused), len(planned) - len(batch), list(refused)


async def _close(
    session: AsyncSession,
    act: Act,
    mission: Mission,
    before: MissionState,
    refused: dict[UUID, str],
    issued: int,
) -> None:
    """Note why rides were refused, and how many were issued."""
    # A refusal rolls back to before it, and with it what is known of the rows: read them anew.
    await session.refresh(mission)
    rides = await store.rides_of(session, mission.no)
    for ride in rides:
        if ride.id in refused:
            _write(ride, Chosen(note=refused[ride.id]))
    mission.revision += 1
    act.record(
        session,
        "mission.issue_slips",
        "mission",
        mission.id,
        organisation_no=mission.organisation_no,
        before={"state": str(before)},
        after={
            "state": str(await store.state_of(session, mission)),
            "issued": issued,
            "refused": [str(id) for id in refused],
        },
    )
    await session.flush()


def refusal(error: DomainError) -> str:
    """Return in one sentence why a vehicle was not assigned as planned."""
    objections = error.objections() if isinstance(error, OverrideNeedsReason) else []
    told = [str(one["sentence"]) for one in objections]
    return f"派车核对未通过（{error.problem_type()}）" + "".join(f"；{one}" for one in told)


def _awaits(ride: MissionRide, requests: dict[UUID, Request]) -> bool:
    request = requests.get(ride.request_id) if ride.request_id else None
    return request is not None and request.state == RequestState.AWAITING_DISPATCH


def _wanted(ride: MissionRide, requests: dict[UUID, Request]) -> Wanted:
    assert ride.request_id is not None
    priority = Priority.ORDINARY if ride.standby else Priority.MISSION
    return Wanted(ride.id, need_of(requests[ride.request_id]), priority)


def _write(ride: MissionRide, chosen: Chosen) -> None:
    ride.vehicle_no, ride.driver_no = chosen.vehicle_no, chosen.driver_no
    ride.note = chosen.note
