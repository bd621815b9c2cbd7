"""What a departure asks before it is written: was the vehicle looked over, and is it in order."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.checks import store
from dispatch.checks.rules import check_departure
from dispatch.tables import Order
from dispatch.words import ServiceKind
from fleet.rules import RuleKey, effective


async def require_departure_check(session: AsyncSession, order: Order, at: datetime) -> None:
    """Refuse a departure at `at` after a failed check, with a defect, or without a check at all.

    Whether a check is needed says the rule of the vehicle's unit. A vehicle on its way to the
    repair shop may leave with what is to be mended. Raises the errors of `check_departure`.
    """
    if order.vehicle_no is None or order.service_kind == ServiceKind.REPAIR:
        return
    _, unit_no = await store.vehicle_of(session, order.vehicle_no, at)
    rule = await effective(session, RuleKey.DEPARTURE_CHECK, unit_no or order.organisation_no, at)
    check_departure(await store.checked(session, order, at), rule.value)
