"""Amends a slip (变更): what was issued stays, and what holds now is written beneath it.

Each change of a printed item is a row with its number, the text before and after, who, when and
why. The slip's order is locked meanwhile, so that the numbers run without gaps.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.refs import Refs, load_refs
from dispatch.shared_rides.seeing import PAPER_OF_RIDERS
from dispatch.slips import store
from dispatch.slips.content import ITEMS, planned_times
from dispatch.tables import Order, SlipAmendment
from fleet.access import Actor

SlipFacts = Mapping[str, str]
"""The printed text of each item that may be amended, by the item's key."""

AMENDABLE: dict[str, str] = {
    "plate": "车牌号码",
    "driver": "驾驶员",
    "times_planned": "计划用车时间",
    "cross_unit": "跨单位统一调度",
    **{key: label for key, label in ITEMS if key in PAPER_OF_RIDERS},
}


async def facts_of(session: AsyncSession, order: Order) -> SlipFacts:
    """Return what the slip of an order says of it now."""
    refs = await load_refs(session, vehicles=[order.vehicle_no], drivers=[order.driver_no])
    return facts_from(order, refs)


def facts_from(order: Order, refs: Refs) -> SlipFacts:
    """Return what the slip of an order says of it now, by names that are read."""
    plate = refs.vehicles[order.vehicle_no].plate if order.vehicle_no else ""
    return facts_with(order, plate, refs.drivers[order.driver_no].name if order.driver_no else "")


def facts_with(order: Order, plate: str, driver: str) -> SlipFacts:
    """Return what the slip of an order says of it now, by the vehicle's plate and driver's name."""
    start, end = order.period.lower, order.period.upper
    return {
        "plate": plate,
        "driver": driver,
        "times_planned": planned_times(start, end) if start and end else "",
        "cross_unit": "是" if order.cross_unit else "否",
    }


async def amend_slip(
    session: AsyncSession,
    order: Order,
    action: str,
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
    # Who rides is told only by what changes it: sharing (合乘).
    changed = [item for item in AMENDABLE if before.get(item) != after.get(item)]
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
