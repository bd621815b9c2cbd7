"""SQL of what a driver was promised to, and drove."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.runs import driven_parts
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
    """Return from taking over to handing over, or to `now`, of each run that touches `window`."""
    parts = driven_parts()
    rows = await session.execute(
        select(parts.c.since, parts.c.until).where(
            parts.c.driver_no == driver_no,
            parts.c.since < window.upper,
            (parts.c.until > window.lower) | parts.c.until.is_(None),
        )
    )
    return [(row.since, row.until or now) for row in rows]
