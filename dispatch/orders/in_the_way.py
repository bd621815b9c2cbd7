"""What a refused booking answers: which orders are in the way, and which vehicles are free instead.

The refused transaction is lost, and rolled back before anything is looked up: it holds the locks
for which others wait.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import Busy, Wanted
from dispatch.orders.errors import DriverOut, VehicleOut
from dispatch.orders.states import OUT, PROMISED
from dispatch.parts import sees_order
from dispatch.tables import Order, OrderRequest, Request, Suggestion
from fleet.access import Actor
from fleet.lists import in_force, within
from fleet.permissions import Permission
from fleet.tables import Outage, Vehicle, VehicleUnit
from fleet.vehicles.words import LifeState
from fleet.words import Holding
from kit.database import Sessions, transaction

MOST_IN_THE_WAY = 5
MOST_ALTERNATIVES = 3


@asynccontextmanager
async def told_what_is_busy(
    sessions: Sessions,
    session: AsyncSession,
    actor: Actor,
    now: datetime,
    suggestion_id: UUID | None = None,
) -> AsyncIterator[None]:
    """Add to VehicleBusy and DriverBusy what is in the way, and up to three vehicles instead."""
    try:
        yield
    except Busy as busy:
        await session.rollback()
        if busy.wanted is not None:
            async with transaction(sessions) as fresh:
                busy.facts |= await _facts(fresh, actor, busy, busy.wanted, now, suggestion_id)
        raise


async def _facts(
    session: AsyncSession,
    actor: Actor,
    busy: Busy,
    wanted: Wanted,
    now: datetime,
    suggestion_id: UUID | None,
) -> dict[str, object]:
    is_out = isinstance(busy, VehicleOut | DriverOut)
    blocking = await _orders_in_the_way(session, actor, wanted, is_out=is_out)
    asked = wanted.period
    served, unit_no = await _load(session, wanted.request_id)
    facts: dict[str, object] = {
        "in_the_way": [
            {
                "id": str(id) if seen else None,
                "start": _text(period.lower),
                "end": _text(period.upper),
            }
            for id, period, seen in blocking
        ]
    }
    if wanted.is_extension:
        # The vehicle stays; what may move to another one is the first order in its way.
        first = next(iter(blocking), None)
        facts["latest_end"] = _text(first[1].lower) if first else None
        if first is not None:
            asked = first[1]
            served, unit_no = await _load_of_order(session, first[0])
    free = await _free_vehicles(session, actor, asked, served, unit_no, now, suggestion_id)
    facts["alternatives"] = [{"id": str(id), "plate": plate} for id, plate in free]
    return facts


async def _orders_in_the_way(
    session: AsyncSession, actor: Actor, wanted: Wanted, *, is_out: bool
) -> Sequence[tuple[UUID, Range[datetime], bool]]:
    """Return (id, period, whether the actor sees it) of what overlaps, the earliest first.

    is_out: what is still out is in the way, whenever it was to end
    """
    same = or_(Order.vehicle_no == wanted.vehicle_no, Order.driver_no == wanted.driver_no)
    rows = await session.execute(
        select(Order.id, Order.period, sees_order(actor))
        .where(
            same,
            Order.state.in_(OUT)
            if is_out
            else Order.state.in_(PROMISED) & Order.period.overlaps(wanted.period),
            Order.id != wanted.order_id,
        )
        .order_by(Order.period, Order.id)
        .limit(MOST_IN_THE_WAY)
    )
    return [(id, period, seen) for id, period, seen in rows]


async def _load(session: AsyncSession, request_id: UUID | None) -> tuple[int, int | None]:
    """Return how many ride by a request, and for which unit."""
    asked = select(Request.passengers, Request.organisation_no).where(Request.id == request_id)
    row = (await session.execute(asked)).one_or_none()
    return (row.passengers, row.organisation_no) if row else (0, None)


async def _load_of_order(session: AsyncSession, order_id: UUID) -> tuple[int, int | None]:
    row = (
        await session.execute(
            select(func.sum(Request.passengers), func.min(Request.organisation_no))
            .join(OrderRequest, OrderRequest.request_id == Request.id)
            .where(OrderRequest.order_id == order_id)
        )
    ).one()
    return int(row[0] or 0), row[1]


async def _free_vehicles(
    session: AsyncSession,
    actor: Actor,
    period: Range[datetime],
    passengers: int,
    unit_no: int | None,
    now: datetime,
    suggestion_id: UUID | None,
) -> list[tuple[UUID, str]]:
    """Return vehicles that nothing is promised of in the period: as suggested, else own first.

    One that is out beyond its hours isn't free either: nobody knows until when. Whether a driver
    is free and every rule holds is asked when one of them is chosen.
    """
    late = Order.state.in_(OUT) & (func.upper(Order.period) <= now)
    taken = exists().where(
        Order.vehicle_no == Vehicle.no,
        or_(Order.state.in_(PROMISED) & Order.period.overlaps(period), late),
    )
    out_of_use = exists().where(
        Outage.vehicle_no == Vehicle.no,
        Outage.withdrawn_at.is_(None),
        Outage.period.overlaps(period),
    )
    unit = VehicleUnit.organisation_no
    use: ColumnElement[int] = case(
        (unit == unit_no, 0), (Vehicle.holding == Holding.POOL, 1), else_=2
    )
    query = (
        select(Vehicle.id, Vehicle.plate)
        .join(
            VehicleUnit, (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, now)
        )
        .where(
            within(unit, actor.scope(Permission.ORDER_ASSIGN)),
            Vehicle.withdrawn_at.is_(None),
            Vehicle.state == LifeState.IN_USE,
            Vehicle.seats > passengers,
            ~taken,
            ~out_of_use,
        )
        .order_by(use, Vehicle.seats, Vehicle.plate)
    )
    suggested = await _suggested(session, suggestion_id)
    found: list[tuple[UUID, str]] = []
    if suggested:
        rows = await session.execute(query.where(Vehicle.id.in_(suggested)))
        found = [(id, plate) for id, plate in rows]
        found.sort(key=lambda one: suggested.index(one[0]))
    if len(found) < MOST_ALTERNATIVES:
        rows = await session.execute(query.limit(2 * MOST_ALTERNATIVES))
        found += [(id, plate) for id, plate in rows if (id, plate) not in found]
    return found[:MOST_ALTERNATIVES]


async def _suggested(session: AsyncSession, suggestion_id: UUID | None) -> list[UUID]:
    """Return the vehicles of a suggestion, the best first."""
    if suggestion_id is None:
        return []
    shown = await session.scalar(
        select(Suggestion.candidates).where(Suggestion.id == suggestion_id)
    )
    vehicles = [one.get("vehicle") for one in shown or ()]
    return [UUID(str(one["id"])) for one in vehicles if isinstance(one, dict)]


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
