"""SQL of missions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true
from sqlalchemy.dialects.postgresql import Range, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.missions.named import reads_mission
from dispatch.missions.states import RUNNING, MissionState
from dispatch.missions.tables import Mission, MissionRide
from dispatch.orders.states import PROMISED
from dispatch.requests.states import WITHOUT_ORDER, RequestState
from dispatch.tables import Order, OrderRequest, Request, Slip
from fleet.access import Actor
from fleet.lists import in_force, within
from fleet.tables import Driver, Vehicle, VehicleUnit
from kit.errors import NotFound

Locked = TypeVar("Locked", Order, Request)


async def find_mission(session: AsyncSession, actor: Actor, mission_id: UUID) -> Mission:
    """Return a mission that the actor reads. Raises NotFound."""
    found = await session.scalar(
        select(Mission).where(Mission.id == mission_id, reads_mission(actor))
    )
    if found is None:
        raise NotFound
    return found


async def lock_mission(session: AsyncSession, actor: Actor, mission_id: UUID) -> Mission:
    """Return a mission that the actor reads, locked until the transaction ends. Raises NotFound."""
    found = await session.scalar(
        select(Mission)
        .where(Mission.id == mission_id, reads_mission(actor))
        .with_for_update(of=Mission)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def standing_state() -> ColumnElement[str]:
    """Return where a mission stands: assigned while none of its rides is without a vehicle.

    What is stored is that it was approved: its rides lose their vehicles by many ways.
    """
    is_missed = and_(
        Request.state == RequestState.INTERRUPTED,
        ~MissionRide.standby,
        func.upper(MissionRide.period) > func.now(),
    )
    awaits = exists().where(
        MissionRide.mission_no == Mission.no,
        MissionRide.request_id == Request.id,
        or_(Request.state.in_(WITHOUT_ORDER), is_missed),
    )
    running = case((awaits, MissionState.AWAITING_DISPATCH), else_=MissionState.ASSIGNED)
    return case((Mission.state.in_(RUNNING), running), else_=Mission.state)


async def states_of(session: AsyncSession, mission_nos: Sequence[int]) -> dict[int, MissionState]:
    """Return where each of these missions stands."""
    rows = await session.execute(
        select(Mission.no, standing_state()).where(Mission.no.in_(mission_nos))
    )
    return {no: MissionState(state) for no, state in rows}


async def state_of(session: AsyncSession, mission: Mission) -> MissionState:
    """Return where a mission stands."""
    return (await states_of(session, [mission.no]))[mission.no]


async def rides_of(session: AsyncSession, mission_no: int) -> Sequence[MissionRide]:
    """Return the vehicles of a mission in convoy order."""
    rows = (
        select(MissionRide)
        .where(MissionRide.mission_no == mission_no)
        .order_by(MissionRide.position)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(rows)).all()


async def orders_of(session: AsyncSession, mission_no: int) -> dict[UUID, Order]:
    """Return the newest order of each vehicle of a mission that has one, by the request's id."""
    rows = await session.execute(
        select(OrderRequest.request_id, Order)
        .join(Order, Order.id == OrderRequest.order_id)
        .join(MissionRide, MissionRide.request_id == OrderRequest.request_id)
        .where(MissionRide.mission_no == mission_no)
        .ext(distinct_on(OrderRequest.request_id))
        .order_by(OrderRequest.request_id, Order.id.desc())
        .execution_options(populate_existing=True)
    )
    return {row.request_id: row.Order for row in rows}


async def orders_of_missions(session: AsyncSession, order_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of these orders that are of a mission."""
    rows = await session.scalars(
        select(OrderRequest.order_id)
        .join(MissionRide, MissionRide.request_id == OrderRequest.request_id)
        .where(OrderRequest.order_id.in_(order_ids))
    )
    return set(rows)


async def rides_of_missions(session: AsyncSession, request_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of these requests that are rides of missions."""
    rows = select(MissionRide.request_id).where(MissionRide.request_id.in_(request_ids))
    return {id for id in await session.scalars(rows) if id is not None}


async def requests_of(session: AsyncSession, mission_no: int) -> dict[UUID, Request]:
    """Return the requests of a mission by id."""
    rows = await session.scalars(
        select(Request)
        .join(MissionRide, MissionRide.request_id == Request.id)
        .where(MissionRide.mission_no == mission_no)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


async def lock_rows(
    session: AsyncSession,
    table: type[Locked],
    ids: Sequence[UUID],
    seen: ColumnElement[bool] | None = None,
) -> dict[UUID, Locked]:
    """Return these requests or orders as they are now, locked in the order of their ids.

    seen: the condition under which they exist for whoever asks; None: all
    """
    rows = await session.scalars(
        select(table)
        .where(table.id.in_(ids), true() if seen is None else seen)
        .order_by(table.id)
        .with_for_update(of=table)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


async def ids_by_no(
    session: AsyncSession, vehicle_nos: Sequence[int], driver_nos: Sequence[int]
) -> tuple[dict[int, UUID], dict[int, UUID]]:
    """Return the ids of these vehicles, and of these drivers, by number."""
    vehicles = await session.execute(
        select(Vehicle.no, Vehicle.id).where(Vehicle.no.in_(vehicle_nos))
    )
    drivers = await session.execute(select(Driver.no, Driver.id).where(Driver.no.in_(driver_nos)))
    return {row.no: row.id for row in vehicles}, {row.no: row.id for row in drivers}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many vehicles a mission wants, holds ready, and has slips for."""

    vehicles: int
    standbys: int
    slips: int


async def counts_of(session: AsyncSession, mission_nos: Sequence[int]) -> dict[int, Counts]:
    """Return the counts of each of these missions."""
    slips = (
        select(func.count(Slip.id))
        .join(OrderRequest, OrderRequest.order_id == Slip.order_id)
        .join(MissionRide, MissionRide.request_id == OrderRequest.request_id)
        .where(MissionRide.mission_no == Mission.no, Slip.void_at.is_(None))
        .scalar_subquery()
    )
    rows = await session.execute(
        select(
            Mission.no,
            func.count(MissionRide.no).filter(~MissionRide.standby),
            func.count(MissionRide.no).filter(MissionRide.standby),
            slips,
        )
        .join(MissionRide, MissionRide.mission_no == Mission.no)
        .where(Mission.no.in_(mission_nos))
        .group_by(Mission.no)
    )
    return {row[0]: Counts(row[1], row[2], row[3]) for row in rows}


@dataclass(frozen=True, slots=True)
class Busy:
    """A vehicle that a mission keeps busy in [start, end)."""

    id: UUID
    vehicle_id: UUID
    plate: str
    start: datetime
    end: datetime


async def busy_between(
    session: AsyncSession,
    scope: frozenset[int],
    period: Range[datetime],
    now: datetime,
    before: UUID | None,
    limit: int,
) -> list[Busy]:
    """Return vehicles of these units that missions keep busy in a period, the newest order first.

    id: the order's, by which pages go on; it is told to nobody
    """
    served = select(OrderRequest.order_id).join(
        MissionRide, MissionRide.request_id == OrderRequest.request_id
    )
    query = (
        select(Order.id, Vehicle.id.label("vehicle_id"), Vehicle.plate, Order.period)
        .join(Vehicle, Vehicle.no == Order.vehicle_no)
        .join(
            VehicleUnit, (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, now)
        )
        .where(
            within(VehicleUnit.organisation_no, scope),
            Order.state.in_(PROMISED),
            Order.period.overlaps(period),
            Order.id.in_(served),
        )
        .order_by(Order.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Order.id < before)
    rows = await session.execute(query)
    return [
        Busy(row.id, row.vehicle_id, row.plate, row.period.lower, row.period.upper) for row in rows
    ]
