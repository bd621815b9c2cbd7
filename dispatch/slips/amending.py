"""Amends a slip (变更): what was issued stays, and what holds now is written beneath it.

Each change of a printed item is a row with its number, the text before and after, who, when and
why. The slip's order is locked meanwhile, so that the numbers run without gaps.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.states import OrderAction
from dispatch.refs import load_refs
from dispatch.slips import store
from dispatch.slips.content import planned_times
from dispatch.tables import Order, SlipAmendment
from fleet.access import Actor

SlipFacts = Mapping[str, str]
"""The printed text of each item that may be amended, by the item's key."""

AMENDABLE: dict[str, str] = {
    "plate": "车牌号码",
    "driver": "驾驶员",
    "times_planned": "计划用车时间",
    "cross_unit": "跨单位统一调度",
}


async def facts_of(session: AsyncSession, order: Order) -> SlipFacts:
    """Return what the slip of an order says of it now."""
    refs = await load_refs(session, vehicles=[order.vehicle_no], drivers=[order.driver_no])
    start, end = order.period.lower, order.period.upper
    return {
        "plate": refs.vehicles[order.vehicle_no].plate if order.vehicle_no else "",
        "driver": refs.drivers[order.driver_no].name if order.driver_no else "",
        "times_planned": planned_times(start, end) if start and end else "",
        "cross_unit": "是" if order.cross_unit else "否",
    }


async def amend_slip(
    session: AsyncSession,
    order: Order,
    action: OrderAction,
    before: SlipFacts,
    after: SlipFacts,
    actor: Actor,
    now: datetime,
    reason: str,
) -> None:
    """Write an amendment of the locked order's slip for each item that has changed."""
    slip = await store.slip_of(session, order.id)
    if slip is None:
        return
    changed = [item for item in AMENDABLE if before[item] != after[item]]
    number = await store.last_amendment(session, slip.id)
    session.add_all(
        SlipAmendment(
            slip_id=slip.id,
            number=number + n,
            action=action,
            item=item,
            was=before[item],
            becomes=after[item],
            by_no=actor.person_no,
            at=now,
            reason=reason,
        )
        for n, item in enumerate(changed, start=1)
    )
