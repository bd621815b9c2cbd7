"""SQL of mobilisations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select, true
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.mobilisation.errors import MobilisationEnded
from dispatch.mobilisation.tables import Mobilisation, MobilisationOrder, MobilisationUnit
from dispatch.orders.runs import driven_parts
from dispatch.orders.states import PROMISED
from dispatch.parts import sees_order
from dispatch.tables import Order, Slip
from fleet.access import Actor
from fleet.lists import in_force, within
from fleet.permissions import Permission
from fleet.tables import Driver, Organisation, Vehicle, VehicleUnit
from kit.errors import NotFound


def readable(actor: Actor) -> Select[Mobilisation]:
    """Return the statement of the mobilisations that call up a unit in which the actor reads."""
    scope = actor.scope(Permission.ORDER_READ)
    called = exists().where(
        MobilisationUnit.mobilisation_no == Mobilisation.no,
        within(MobilisationUnit.organisation_no, scope),
    )
    return select(Mobilisation).where(called)


async def find(session: AsyncSession, actor: Actor, id: UUID) -> Mobilisation:
    """Return a mobilisation that the actor reads. Raises NotFound."""
    found = await session.scalar(readable(actor).where(Mobilisation.id == id))
    if found is None:
        raise NotFound
    return found


async def hold_in_force(session: AsyncSession, actor: Actor, id: UUID) -> Mobilisation:
    """Return a mobilisation that is in force, and stays so to the end of the transaction.

    Whoever signs it off waits until those who order under it are done. Raises NotFound,
    MobilisationEnded.
    """
    found = await session.scalar(
        readable(actor).where(Mobilisation.id == id).with_for_update(read=True, of=Mobilisation)
    )
    if found is None:
        raise NotFound
    if found.ended_at is not None:
        raise MobilisationEnded(ended_at=found.ended_at.isoformat())
    return found


async def lock(session: AsyncSession, id: UUID, scope: frozenset[int]) -> Mobilisation:
    """Return a mobilisation of these organisations, locked to be signed off.

    Raises NotFound, MobilisationEnded.
    """
    found = await session.scalar(
        select(Mobilisation)
        .where(Mobilisation.id == id, within(Mobilisation.organisation_no, scope))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    if found.ended_at is not None:
        raise MobilisationEnded(ended_at=found.ended_at.isoformat())
    return found


async def is_driven_meanwhile(
    session: AsyncSession, vehicle_no: int, driver_no: int, period: Range[datetime]
) -> bool:
    """Whether a locked vehicle or driver was out on an order at some moment of a period."""
    parts = driven_parts()
    driven = exists().where(
        or_(parts.c.vehicle_no == vehicle_no, parts.c.driver_no == driver_no),
        parts.c.since < period.upper,
        or_(parts.c.until.is_(None), parts.c.until > period.lower),
    )
    return bool(await session.scalar(select(driven)))


async def units_of(session: AsyncSession, mobilisation_no: int) -> frozenset[int]:
    """Return the numbers of the units that a mobilisation calls up."""
    rows = await session.scalars(
        select(MobilisationUnit.organisation_no).where(
            MobilisationUnit.mobilisation_no == mobilisation_no
        )
    )
    return frozenset(rows)


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of a mobilisation."""

    orders: int
    open_orders: int
    back_entries: int
    overdue: int


async def counts_of(session: AsyncSession, mobilisation_no: int) -> Counts:
    """Return how many orders were made under a mobilisation."""
    due = MobilisationOrder.back_entry_due_at
    row = (
        await session.execute(
            select(
                func.count(),
                func.count().filter(Order.state.in_(PROMISED)),
                func.count().filter(due.is_not(None)),
                func.count().filter(MobilisationOrder.entered_at > due),
            )
            .select_from(MobilisationOrder)
            .join(Order, Order.id == MobilisationOrder.order_id)
            .where(MobilisationOrder.mobilisation_no == mobilisation_no)
        )
    ).one()
    return Counts(row[0], row[1], row[2], row[3])


def as_of(mobilisation: Mobilisation, now: datetime) -> datetime:
    """Return the instant whose vehicles count: the present, or the end of what is signed off."""
    return min(now, mobilisation.ended_at or now)


async def holdings_of(session: AsyncSession, mobilisation_no: int, at: datetime) -> dict[str, int]:
    """Return how many vehicles of each holding the units that are called up used at an instant."""
    rows = await session.execute(
        called_up(mobilisation_no, at)
        .with_only_columns(Vehicle.holding, func.count())
        .group_by(Vehicle.holding)
    )
    return {row[0]: row[1] for row in rows}


def called_up(
    mobilisation_no: int, at: datetime, scope: frozenset[int] | None = None
) -> Select[*tuple[Any, ...]]:
    """Return the statement of the vehicles that a mobilisation calls up, with their units then.

    scope: only those of these units; None: all
    """
    return (
        select(
            Vehicle.id,
            Vehicle.plate,
            Vehicle.holding,
            Organisation.id.label("unit_id"),
            Organisation.name.label("unit_name"),
        )
        .join(
            VehicleUnit, (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, at)
        )
        .join(Organisation, Organisation.no == VehicleUnit.organisation_no)
        .join(MobilisationUnit, MobilisationUnit.organisation_no == Organisation.no)
        .where(
            MobilisationUnit.mobilisation_no == mobilisation_no,
            Vehicle.withdrawn_at.is_(None) | (Vehicle.withdrawn_at > at),
            true() if scope is None else within(Organisation.no, scope),
        )
    )


async def orders_under(
    session: AsyncSession,
    mobilisation_no: int,
    *,
    actor: Actor | None = None,
    ids: Sequence[UUID] | None = None,
    before: UUID | None = None,
    limit: int | None = None,
) -> list[tuple[MobilisationOrder, Order, Slip | None]]:
    """Return the orders made under a mobilisation with their slips, the newest first.

    actor: only those that exist for this reader; None: all
    """
    query = (
        select(MobilisationOrder, Order, Slip)
        .join(Order, Order.id == MobilisationOrder.order_id)
        .outerjoin(Slip, Slip.order_id == Order.id)
        .where(MobilisationOrder.mobilisation_no == mobilisation_no)
        .order_by(Order.id.desc())
    )
    if actor is not None:
        query = query.where(sees_order(actor))
    if ids is not None:
        query = query.where(Order.id.in_(ids))
    if before is not None:
        query = query.where(Order.id < before)
    rows = await session.execute(query.limit(limit))
    return [(row[0], row[1], row[2]) for row in rows]


async def called_up_ids(
    session: AsyncSession, mobilisation_no: int, now: datetime
) -> frozenset[UUID]:
    """Return the ids of all vehicles that a mobilisation calls up."""
    rows = await session.scalars(called_up(mobilisation_no, now).with_only_columns(Vehicle.id))
    return frozenset(rows)


async def numbers(
    session: AsyncSession, table: type[Vehicle] | type[Driver], ids: Sequence[UUID]
) -> dict[UUID, int]:
    """Return the numbers of these vehicles or drivers by their ids."""
    rows = await session.execute(select(table.id, table.no).where(table.id.in_(ids)))
    return {row.id: row.no for row in rows}


async def recallable(
    session: AsyncSession,
    vehicle_nos: Collection[int],
    driver_nos: Collection[int],
    states: Sequence[str],
) -> Sequence[Order]:
    """Return the orders in these states that hold any of these vehicles or drivers."""
    held = within(Order.vehicle_no, vehicle_nos) | within(Order.driver_no, driver_nos)
    return (await session.scalars(select(Order).where(Order.state.in_(states), held))).all()


async def lock_recallable(
    session: AsyncSession,
    vehicle_no: int | None,
    driver_no: int | None,
    period: Range[datetime],
    states: Sequence[str],
) -> Sequence[Order]:
    """Return the orders in these states that hold a vehicle or driver in a period, locked by id."""
    rows = await session.scalars(
        select(Order)
        .where(
            (Order.vehicle_no == vehicle_no) | (Order.driver_no == driver_no),
            Order.state.in_(states),
            Order.period.overlaps(period),
        )
        .order_by(Order.id)
        .with_for_update(of=Order)
        .execution_options(populate_existing=True)
    )
    return rows.all()
