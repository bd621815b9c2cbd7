"""SQL of what a driver was promised to, and drove."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.states import OrderState
from dispatch.tables import Order
from fleet.duty.hours import Period


async def ordered_periods(
    session: AsyncSession, driver_no: int, window: Range[datetime]
) -> list[Period]:
    """Return the promised periods of a driver's orders that touch `window`."""
    rows = await session.scalars(
        select(Order.period).where(
            Order.driver_no == driver_no,
            Order.state != OrderState.CANCELLED,
            Order.period.overlaps(window),
        )
    )
    return [(one.lower, one.upper) for one in rows if one.lower and one.upper]


async def driven_periods(
    session: AsyncSession, driver_no: int, window: Range[datetime], now: datetime
) -> list[Period]:
    """Return from departure to return, or to `now`, of each order that touches `window`."""
    rows = await session.execute(
        select(Order.departed_at, Order.returned_at).where(
            Order.driver_no == driver_no,
            Order.departed_at < window.upper,
            (Order.returned_at > window.lower) | Order.returned_at.is_(None),
        )
    )
    return [(row.departed_at, row.returned_at or now) for row in rows]
