"""How long before the planned start of an order its vehicle may depart.

Vehicle and driver are promised from the planned start on; whoever leaves hours sooner
drives in a time for which nothing was asked, approved or booked.
"""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.errors import TooEarly
from dispatch.tables import Order
from fleet.rules import RuleKey, effective


async def require_near_start(session: AsyncSession, order: Order, at: datetime) -> None:
    """Refuse a departure at `at` that lies too long before the planned start of the order.

    How long is too long says the rule of the order's unit. Raises TooEarly.
    """
    start = order.period.lower
    if start is None:
        return
    rule = await effective(session, RuleKey.EARLY_DEPARTURE_S, order.organisation_no, at)
    earliest_at = start - timedelta(seconds=rule.value)
    if at < earliest_at:
        raise TooEarly(earliest_at=earliest_at.isoformat(), start=start.isoformat())
