"""SQL of reservations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity.tables import Reservation
from dispatch.capacity.words import ReservationState
from dispatch.tables import Request
from fleet.lists import AnyRow, Slice, in_force, within
from fleet.pages import read_newest
from fleet.tables import Vehicle, VehicleUnit
from fleet.vehicles.words import LifeState
from fleet.words import Holding
from kit.paging import Page


async def held_for(session: AsyncSession, request_id: UUID) -> Reservation | None:
    """Return what is held for a request, locked; whoever asks holds the request."""
    return (
        await session.scalars(
            select(Reservation)
            .where(Reservation.request_id == request_id, Reservation.state == ReservationState.HELD)
            .with_for_update()
        )
    ).one_or_none()


async def kept_for(session: AsyncSession, request_id: UUID) -> Sequence[Reservation]:
    """Return what is held for a request or bound to its order, locked in order of id."""
    return (
        await session.scalars(
            select(Reservation)
            .where(
                Reservation.request_id == request_id,
                Reservation.state.in_((ReservationState.HELD, ReservationState.BOUND)),
            )
            .order_by(Reservation.id)
            .with_for_update()
        )
    ).all()


async def bound_to(session: AsyncSession, order_id: UUID, request_id: UUID) -> Reservation | None:
    """Return what a request was promised before it was bound to this order."""
    return (
        await session.scalars(
            select(Reservation)
            .where(
                Reservation.order_id == order_id,
                Reservation.request_id == request_id,
                Reservation.state == ReservationState.BOUND,
            )
            .with_for_update()
        )
    ).one_or_none()


async def list_reservations(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], part: Slice
) -> Page[AnyRow]:
    """Return reservations with their requests, the last made first."""
    statement = (
        select(Reservation, Request)
        .join(Request, Request.id == Reservation.request_id)
        .where(*conditions)
    )
    return await read_newest(session, statement, Reservation.id, part)


@dataclass(frozen=True, slots=True)
class PoolOfUse:
    """An organisation whose vehicles may serve, by its step in the order of use (0 to 2)."""

    organisation_no: int
    step: int


async def pools_in_order(
    session: AsyncSession, unit_no: int, scope: frozenset[int], at: datetime, most: int
) -> list[PoolOfUse]:
    """Return the pools of a scope in the order of use: own unit → pool → other units."""
    is_pool = func.bool_or(Vehicle.holding == Holding.POOL).label("is_pool")
    rows = await session.execute(
        select(VehicleUnit.organisation_no, is_pool)
        .join(Vehicle, Vehicle.no == VehicleUnit.vehicle_no)
        .where(
            within(VehicleUnit.organisation_no, scope),
            in_force(VehicleUnit.period, at),
            Vehicle.withdrawn_at.is_(None),
            Vehicle.state == LifeState.IN_USE,
        )
        .group_by(VehicleUnit.organisation_no)
    )
    found = [PoolOfUse(no, 0 if no == unit_no else 1 if has_pool else 2) for no, has_pool in rows]
    return sorted(found, key=lambda one: (one.step, one.organisation_no))[:most]


async def to_share_with(
    session: AsyncSession, request: Request, scope: frozenset[int], most: int
) -> list[tuple[Request, Reservation]]:
    """Return rides that are promised, may be shared, and begin and end about when this one does."""
    rows = await session.execute(
        select(Request, Reservation)
        .join(Reservation, Reservation.request_id == Request.id)
        .where(
            Reservation.state == ReservationState.HELD,
            Reservation.sharing,
            within(Reservation.organisation_no, scope),
            within(Request.organisation_no, scope),
            Request.period.overlaps(request.period),
            Request.id != request.id,
        )
        .order_by(func.lower(Request.period), Request.id)
        .limit(most)
    )
    return [(other, held) for other, held in rows]
