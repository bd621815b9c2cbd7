"""Tells the register which vehicles and drivers are promised to orders."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.states import OUT, PROMISED
from dispatch.sealed.sealed import orders_under
from dispatch.tables import Order
from fleet.promises import Promised, keeps_promises
from fleet.tables import Sealing


class Orders:
    """Finds orders that are not done; one that is out counts beyond its planned end."""

    async def of_vehicle(
        self, session: AsyncSession, vehicle_no: int, period: Range[datetime]
    ) -> Sequence[Promised]:
        """Return a vehicle's orders that touch `period`, the earliest first."""
        return await _standing(session, Order.vehicle_no == vehicle_no, period)

    async def of_driver(
        self, session: AsyncSession, driver_no: int, period: Range[datetime]
    ) -> Sequence[Promised]:
        """Return a driver's orders that touch `period`, the earliest first."""
        return await _standing(session, Order.driver_no == driver_no, period)

    async def under_sealing(
        self, session: AsyncSession, sealing_no: int, now: datetime
    ) -> Sequence[Promised]:
        """Return the orders that a sealing forbids, the earliest first."""
        sealing = await session.get_one(Sealing, sealing_no)
        return [
            Promised(one.id, one.start, one.end)
            for one in await orders_under(session, sealing, now)
        ]


async def _standing(
    session: AsyncSession, whose: ColumnElement[bool], period: Range[datetime]
) -> list[Promised]:
    late = Order.state.in_(OUT) & Order.period.strictly_left_of(period)
    rows = await session.execute(
        select(Order.id, Order.period)
        .where(whose, Order.state.in_(PROMISED), Order.period.overlaps(period) | late)
        .order_by(Order.period, Order.id)
    )
    return [Promised(id, p.lower, p.upper) for id, p in rows if p.lower and p.upper]


keeps_promises(Orders())
