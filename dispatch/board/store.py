"""SQL of the board: the vehicles of a page, and what meets a period of theirs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, func, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.missions.tables import MissionRide
from dispatch.orders.states import OrderState
from dispatch.tables import Order, OrderRequest, Request
from fleet.lists import Slice, holds, in_force, read_page, within
from fleet.tables import Organisation, Outage, Vehicle, VehicleUnit
from kit.paging import Page
from tracking.tables import Trip


@dataclass(frozen=True, slots=True)
class BoundOrder:
    """An order with what decides how it is shown: seen as a whole, and of a mission."""

    order: Order
    seen: bool
    mission: bool


async def vehicles_of(
    session: AsyncSession, scope: Collection[int], text: str, now: datetime, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return (Vehicle, unit's number, id and name) of vehicles that these units use now, by plate.

    text: only those whose plate holds it; empty: all
    """
    statement = (
        select(
            Vehicle,
            VehicleUnit.organisation_no.label("unit_no"),
            Organisation.id.label("unit_id"),
            Organisation.name.label("unit_name"),
        )
        .join(
            VehicleUnit, (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, now)
        )
        .join(Organisation, Organisation.no == VehicleUnit.organisation_no)
        .where(within(VehicleUnit.organisation_no, scope), Vehicle.withdrawn_at.is_(None))
    )
    if text:
        statement = statement.where(holds(Vehicle.plate, text))
    return await read_page(session, statement, Vehicle.plate, Vehicle.id, part)


async def orders_of(
    session: AsyncSession,
    vehicle_nos: Collection[int],
    period: Range[datetime],
    seen: ColumnElement[bool],
) -> list[BoundOrder]:
    """Return what these vehicles are bound to in a period, planned or driven, the earliest first.

    seen: the condition under which an order exists for whoever asks
    """
    of_mission = exists().where(
        OrderRequest.order_id == Order.id, MissionRide.request_id == OrderRequest.request_id
    )
    was_out = func.tstzrange(Order.departed_at, Order.returned_at).op("&&", is_comparison=True)
    rows = await session.execute(
        select(Order, seen, of_mission)
        .where(
            within(Order.vehicle_no, vehicle_nos),
            Order.state != OrderState.CANCELLED,
            or_(
                Order.period.overlaps(period),
                Order.departed_at.is_not(None) & was_out(period),
            ),
        )
        .order_by(func.lower(Order.period), Order.id)
    )
    return [BoundOrder(order, bool(is_seen), mission) for order, is_seen, mission in rows]


async def destinations_of(session: AsyncSession, order_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return where the first request of each of these orders goes; service orders are left out."""
    rows = await session.execute(
        select(OrderRequest.order_id, Request.destination_name)
        .join(Request, Request.id == OrderRequest.request_id)
        .where(OrderRequest.order_id.in_(order_ids))
        .order_by(Request.id.desc())
    )
    return {row.order_id: row.destination_name for row in rows}


async def outages_of(
    session: AsyncSession, vehicle_nos: Collection[int], period: Range[datetime]
) -> Sequence[Outage]:
    """Return the outages of these vehicles that meet a period, the earliest first."""
    return (
        await session.scalars(
            select(Outage)
            .where(
                within(Outage.vehicle_no, vehicle_nos),
                Outage.withdrawn_at.is_(None),
                Outage.period.overlaps(period),
            )
            .order_by(func.lower(Outage.period), Outage.id)
        )
    ).all()


async def trips_of(
    session: AsyncSession, vehicle_nos: Collection[int], period: Range[datetime]
) -> list[tuple[int, Range[datetime]]]:
    """Return (vehicle's number, period) of the trips that meet a period, the earliest first."""
    rows = await session.execute(
        select(Trip.vehicle_no, Trip.period)
        .where(
            within(Trip.vehicle_no, vehicle_nos),
            Trip.superseded_at.is_(None),
            Trip.period.overlaps(period),
        )
        .order_by(func.lower(Trip.period))
    )
    return [(no, driven) for no, driven in rows]
