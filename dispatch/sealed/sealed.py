"""Which vehicles stand sealed (封存) in the period of a ride, and may not be promised for it.

An accepted filing of the kind `sealed_duty` lets a vehicle drive in the part of the sealing that it
covers. An emergency breaks every seal: lives don't wait for a filing.

A sealing that is ordered later leaves orders as they are. Those that it forbids are told to whoever
orders it, and listed for whoever must cancel them, swap the vehicle or have a filing accepted.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import VehicleSealed
from dispatch.filings.store import sealed_duty_periods
from dispatch.orders.states import PROMISED
from dispatch.tables import Order, OrderRequest, Request
from dispatch.words import Purpose
from fleet.lists import in_force
from fleet.sealings.standing import Standing, UnitVehicle, standing_in
from fleet.tables import Organisation, Sealing, Vehicle, VehicleUnit


def breaks_seals(request: Request) -> bool:
    """Whether a request may be served by vehicles that stand sealed."""
    return request.purpose == Purpose.EMERGENCY


async def sealed_in(
    session: AsyncSession, vehicles: Collection[UnitVehicle], period: Range[datetime], now: datetime
) -> dict[int, Standing]:
    """Return by vehicle number the first sealing in `period` that no filing of duty covers."""
    standing = await standing_in(session, vehicles, period, now)
    if not standing:
        return {}
    filed = await sealed_duty_periods(session, standing, period)
    found = {}
    for no, parts in standing.items():
        left = [one for one in parts if not _is_covered(one, filed.get(no, ()))]
        if left:
            found[no] = left[0]
    return found


async def require_unsealed(
    session: AsyncSession, vehicle: UnitVehicle, period: Range[datetime], now: datetime
) -> None:
    """Raise VehicleSealed where the vehicle stands sealed at some instant of `period`."""
    check_unsealed((await sealed_in(session, [vehicle], period, now)).get(vehicle.no))


def check_unsealed(one: Standing | None) -> None:
    """Raise VehicleSealed where a vehicle stands sealed."""
    if one is not None:
        raise VehicleSealed(
            f"The vehicle stands sealed by “{one.name}” in that period.",
            sealing=one.name,
            sealing_id=str(one.sealing_id),
            start=one.start.isoformat(),
            end=one.end.isoformat(),
        )


@dataclass(frozen=True, slots=True)
class SealedOrder:
    """An order [start, end) whose vehicle stands sealed in [sealed_start, sealed_end) of it."""

    id: UUID
    vehicle_id: UUID
    plate: str
    unit_id: UUID
    unit_name: str
    start: datetime
    end: datetime
    sealed_start: datetime
    sealed_end: datetime


async def orders_under(
    session: AsyncSession,
    sealing: Sealing,
    now: datetime,
    seen: ColumnElement[bool] | None = None,
) -> list[SealedOrder]:
    """Return the promised orders that a sealing forbids, the earliest first.

    seen: the condition on `Order` under which the reader sees it
    """
    rows = (
        await session.execute(_promised_in(sealing, now, true() if seen is None else seen))
    ).all()
    vehicles = {UnitVehicle(row.vehicle_no, row.unit_no, row.category) for row in rows}
    standing = await standing_in(session, vehicles, sealing.period, now)
    filed = await sealed_duty_periods(session, standing, sealing.period)
    found = []
    for row in rows:
        start, end = row.period.lower, row.period.upper
        for one in standing.get(row.vehicle_no, ()):
            part = Standing(one.sealing_id, one.name, max(one.start, start), min(one.end, end))
            if one.sealing_id != sealing.id or part.start >= part.end:
                continue
            if not _is_covered(part, filed.get(row.vehicle_no, ())):
                found.append(
                    SealedOrder(
                        row.id,
                        row.vehicle_id,
                        row.plate,
                        row.unit_id,
                        row.unit_name,
                        start,
                        end,
                        part.start,
                        part.end,
                    )
                )
                break
    return found


def _promised_in(
    sealing: Sealing, now: datetime, seen: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    urgent = (
        select(OrderRequest.order_id)
        .join(Request, Request.id == OrderRequest.request_id)
        .where(Request.purpose == Purpose.EMERGENCY)
    )
    return (
        select(
            Order.id,
            Order.period,
            Order.vehicle_no,
            Vehicle.id.label("vehicle_id"),
            Vehicle.plate,
            Vehicle.category,
            VehicleUnit.organisation_no.label("unit_no"),
            Organisation.id.label("unit_id"),
            Organisation.name.label("unit_name"),
        )
        .join(Vehicle, Vehicle.no == Order.vehicle_no)
        .join(
            VehicleUnit,
            (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, now),
        )
        .join(Organisation, Organisation.no == VehicleUnit.organisation_no)
        .where(
            Order.state.in_(PROMISED),
            Order.period.overlaps(sealing.period),
            Order.id.not_in(urgent),
            seen,
        )
        .order_by(func.lower(Order.period), Order.id)
    )


def _is_covered(standing: Standing, filed: Collection[Range[datetime]]) -> bool:
    """Return whether filings, perhaps several one after another, cover the whole of a sealing."""
    reached = standing.start
    for one in sorted(filed, key=lambda one: one.lower or standing.start):
        if one.lower is None or one.lower <= reached:
            reached = max(reached, one.upper or standing.end)
    return reached >= standing.end
