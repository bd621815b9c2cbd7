"""Writes down who looks at a mission: at its plan, its board, and the orders of its rides.

Each reading of the plan is an entry. A board or an order that is left open asks every few seconds:
of those one entry in so long says that somebody looks. Who drives or rides looks at their own.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.missions.named import runs_mission
from dispatch.missions.tables import Mission, MissionRide
from dispatch.tables import OrderRequest
from fleet import journal
from fleet.acts import Act
from fleet.journal.tables import JournalEntry

PLAN_READ = "mission.read"
BOARD_READ = "mission.arrivals.read"
ORDER_READ = "mission.order.read"
LOOKS_APART = timedelta(minutes=10)


def journal_plan(session: AsyncSession, act: Act, mission: Mission) -> None:
    """Write down that somebody reads a mission's plan."""
    _record(session, act, PLAN_READ, "mission", mission.id, mission)


async def journal_board(session: AsyncSession, act: Act, mission: Mission) -> None:
    """Write down that somebody looks at a mission's board of arrivals."""
    if not await _looked_lately(session, act, BOARD_READ, mission.id):
        _record(session, act, BOARD_READ, "mission", mission.id, mission)


async def journal_order(session: AsyncSession, act: Act, order_id: UUID) -> None:
    """Write down that somebody who runs a mission reads the order of one of its rides."""
    assert act.actor is not None, "an order is read by somebody"
    mission = await session.scalar(
        select(Mission)
        .join(MissionRide, MissionRide.mission_no == Mission.no)
        .join(OrderRequest, OrderRequest.request_id == MissionRide.request_id)
        .where(OrderRequest.order_id == order_id, runs_mission(act.actor))
    )
    if mission is not None and not await _looked_lately(session, act, ORDER_READ, order_id):
        _record(session, act, ORDER_READ, "order", order_id, mission)


async def _looked_lately(session: AsyncSession, act: Act, action: str, object_id: UUID) -> bool:
    assert act.actor is not None, "a mission is looked at by somebody"
    looked = exists().where(
        JournalEntry.object_id == object_id,
        JournalEntry.actor_no == act.actor.person_no,
        JournalEntry.action == action,
        JournalEntry.at > act.now - LOOKS_APART,
    )
    return bool(await session.scalar(select(looked)))


def _record(
    session: AsyncSession, act: Act, action: str, kind: str, object_id: UUID, mission: Mission
) -> None:
    assert act.actor is not None, "a mission is looked at by somebody"
    journal.record_look_up(
        session,
        actor=act.actor,
        action=action,
        object_kind=kind,
        object_id=object_id,
        now=act.now,
        purpose=None,
        organisation_no=mission.organisation_no,
        address=act.address,
    )
