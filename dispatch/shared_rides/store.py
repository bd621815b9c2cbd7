"""SQL of shared rides: consents, plans of calls, and the orders that may take others along."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import Range, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from dispatch.orders.states import OrderState
from dispatch.roads.network import LatLon
from dispatch.shared_rides.planning import Call
from dispatch.tables import (
    MissionRide,
    Order,
    OrderStep,
    OrderWaypoint,
    Request,
    SharingConsent,
)
from dispatch.words import OrderKind
from fleet.tables import Place, Vehicle, VehicleUnit

JOINABLE = (OrderState.ASSIGNED, OrderState.ACCEPTED)
"""Nobody is aboard yet, and the driver reads the order again before departing."""


async def has_spoken(session: AsyncSession, request: Request) -> bool:
    """Whether the passenger of a request has said themself what they agree to."""
    return bool(
        await session.scalar(
            select(
                exists().where(
                    SharingConsent.request_id == request.id,
                    SharingConsent.by_no == request.passenger_no,
                )
            )
        )
    )


async def consents_of(
    session: AsyncSession, request_ids: Collection[UUID]
) -> dict[UUID, SharingConsent]:
    """Return what was said last about sharing of each request of which anything was."""
    rows = await session.scalars(
        select(SharingConsent)
        .where(SharingConsent.request_id.in_(request_ids))
        .ext(distinct_on(SharingConsent.request_id))
        .order_by(SharingConsent.request_id, SharingConsent.no.desc())
    )
    return {row.request_id: row for row in rows}


async def calls_of(session: AsyncSession, order_id: UUID) -> tuple[Call, ...] | None:
    """Return the calls of an order's newest plan; None: it never shared."""
    number = await last_plan(session, order_id)
    rows = await session.scalars(
        select(OrderWaypoint)
        .where(OrderWaypoint.order_id == order_id, OrderWaypoint.plan_number == number)
        .order_by(OrderWaypoint.place)
    )
    calls = tuple(
        Call(row.request_id, row.is_pick_up, row.is_return, row.at.timestamp()) for row in rows
    )
    return calls or None


async def calls_of_orders(
    session: AsyncSession, order_ids: Collection[UUID]
) -> dict[UUID, list[OrderWaypoint]]:
    """Return the calls of the newest plan of each of these orders that ever shared, in order."""
    later = aliased(OrderWaypoint)
    is_old = exists().where(
        later.order_id == OrderWaypoint.order_id, later.plan_number > OrderWaypoint.plan_number
    )
    rows = await session.scalars(
        select(OrderWaypoint)
        .where(OrderWaypoint.order_id.in_(order_ids), ~is_old)
        .order_by(OrderWaypoint.order_id, OrderWaypoint.place)
    )
    found: defaultdict[UUID, list[OrderWaypoint]] = defaultdict(list)
    for row in rows:
        found[row.order_id].append(row)
    return found


async def missed_somebody(session: AsyncSession, order_ids: Collection[UUID]) -> set[UUID]:
    """Return those of the orders in which one who shared did not come: its steps are of others."""
    found = select(OrderStep.order_id).where(
        OrderStep.order_id.in_(order_ids), OrderStep.request_id.is_not(None)
    )
    return set(await session.scalars(found))


async def units_ever_aboard(
    session: AsyncSession, order_ids: Collection[UUID]
) -> dict[UUID, frozenset[int]]:
    """Return whose people were ever to ride in each of the orders that was ever shared."""
    rows = await session.execute(
        select(OrderWaypoint.order_id, func.array_agg(Request.organisation_no.distinct()))
        .join(Request, Request.id == OrderWaypoint.request_id)
        .where(OrderWaypoint.order_id.in_(order_ids))
        .group_by(OrderWaypoint.order_id)
    )
    return {order_id: frozenset(units) for order_id, units in rows}


async def last_plan(session: AsyncSession, order_id: UUID) -> int:
    """Return the number of an order's newest plan of calls, 0 where there is none."""
    newest = select(func.max(OrderWaypoint.plan_number)).where(OrderWaypoint.order_id == order_id)
    return await session.scalar(newest) or 0


async def write_plan(session: AsyncSession, order_id: UUID, calls: Sequence[Call]) -> None:
    """Write a new plan of calls of a locked order; the ones before stay."""
    number = await last_plan(session, order_id) + 1
    session.add_all(
        OrderWaypoint(
            order_id=order_id,
            plan_number=number,
            place=place,
            request_id=call.request_id,
            is_pick_up=call.is_pick_up,
            is_return=call.is_return,
            at=instant(call.at),
        )
        for place, call in enumerate(calls, start=1)
    )


def instant(seconds: float) -> datetime:
    """Return a call's time."""
    return datetime.fromtimestamp(seconds, UTC)


async def of_missions(session: AsyncSession, request_ids: Collection[UUID]) -> set[UUID]:
    """Return those of the requests that belong to a mission."""
    found = select(MissionRide.request_id).where(MissionRide.request_id.in_(request_ids))
    return {id for id in await session.scalars(found) if id is not None}


@dataclass(frozen=True, slots=True)
class SharedVehicle:
    """What sharing asks of a vehicle; base: where it stands when nobody needs it."""

    seats: int
    category: str
    base: LatLon | None


async def vehicle_of(session: AsyncSession, no: int, now: datetime) -> SharedVehicle:
    """Return a vehicle by number."""
    row = (
        await session.execute(
            select(Vehicle.seats, Vehicle.category, Place.latitude, Place.longitude)
            .outerjoin(
                VehicleUnit,
                (VehicleUnit.vehicle_no == Vehicle.no) & VehicleUnit.period.contains(now),
            )
            .outerjoin(Place, Place.no == VehicleUnit.base_no)
            .where(Vehicle.no == no)
            .limit(1)
        )
    ).one()
    base = (row.latitude, row.longitude) if row.latitude is not None else None
    return SharedVehicle(row.seats, row.category, base)


async def orders_around(
    session: AsyncSession,
    period: Range[datetime],
    seen: Sequence[ColumnElement[bool]],
    now: datetime,
    limit: int,
) -> Sequence[Order]:
    """Return rides ahead that have a vehicle and touch the period, the earliest first."""
    return (
        await session.scalars(
            select(Order)
            .where(
                Order.kind == OrderKind.RIDE,
                Order.state.in_(JOINABLE),
                Order.vehicle_no.is_not(None),
                Order.driver_no.is_not(None),
                Order.period.overlaps(period),
                func.lower(Order.period) > now,
                *seen,
            )
            .order_by(Order.period, Order.id)
            .limit(limit)
        )
    ).all()


async def lock_requests(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Request]:
    """Return these requests as they are now, locked in id order."""
    return (
        await session.scalars(
            select(Request)
            .where(Request.id.in_(ids))
            .order_by(Request.id)
            .with_for_update(of=Request)
            .execution_options(populate_existing=True)
        )
    ).all()
