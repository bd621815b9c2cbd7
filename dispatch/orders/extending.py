"""A later end for an order that is promised: within what its approval bears, and under its locks.

What lasts much longer than was approved is another ride, and is asked for as one: a driver extends
by some hours, a dispatcher by a day. Emergencies last as long as they last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import EndNotLater, PeriodInThePast
from dispatch.orders import store
from dispatch.orders.errors import ExtensionTooLong
from dispatch.orders.pairing import lock_pair, require_fit
from dispatch.requests.states import check_length
from dispatch.tables import Order, Request
from dispatch.words import Purpose


@dataclass(frozen=True, slots=True)
class ExtensionLimits:
    """How long after the approved end an order may last, by who extends it."""

    driver: timedelta = timedelta(hours=4)
    dispatcher: timedelta = timedelta(hours=24)


LIMITS = ExtensionLimits()


def check_extension(
    planned: Range[datetime],
    approved: Sequence[Range[datetime]],
    end: datetime,
    now: datetime,
    longest: timedelta | None,
) -> Range[datetime]:
    """Return the period of an order that lasts until `end`.

    planned: as it is promised now; approved: the periods of the requests that it serves
    longest: beyond the last of these; None: as long as any request may last
    Raises EndNotLater, PeriodInThePast, PeriodTooLong, ExtensionTooLong.
    """
    start, planned_end = planned.lower, planned.upper
    if start is None or planned_end is None or end <= planned_end:
        raise EndNotLater
    if end <= now:
        raise PeriodInThePast(f"The earliest end is now: {now.isoformat(timespec='seconds')}.")
    check_length(start, end)
    ends = [e for one in approved for e in _ends(one, start)]
    if longest is not None and ends and end > max(ends) + longest:
        raise ExtensionTooLong(latest=(max(ends) + longest).isoformat())
    return Range(start, end, bounds="[)")


def _ends(approved: Range[datetime], start: datetime) -> list[datetime]:
    """Return when a ride was to end; one that was dispatched late lasts as long from then on."""
    if approved.lower is None or approved.upper is None:
        return []
    return [approved.upper, start + (approved.upper - approved.lower)]


async def extend(
    session: AsyncSession,
    order: Order,
    served: Sequence[Request],
    end: datetime,
    why: str | None,
    now: datetime,
    *,
    by_driver: bool,
) -> list[str]:
    """Hold vehicle and driver of a locked order for longer; return the rules that are overridden.

    why: for what reason rules are overridden; None: nobody may
    Raises the errors of `check_extension`, `lock_pair`, `require_fit` and `book`.
    """
    longest: timedelta | None = LIMITS.driver if by_driver else LIMITS.dispatcher
    if any(one.purpose == Purpose.EMERGENCY for one in served):
        longest = None
    planned = order.period
    longer = check_extension(planned, [one.period for one in served], end, now, longest)
    overridden = list[str]()
    vehicle_id, driver_id = await store.ids_of_pair(session, order)
    if vehicle_id is not None and driver_id is not None:
        added = Range(planned.upper, end, bounds="[)")
        pair = await lock_pair(session, vehicle_id, driver_id, None, added, now)
        overridden = await require_fit(
            session,
            pair,
            served,
            added,
            now,
            reason=why,
            apart_from=order.id,
            ride=longer,
            service_kind=order.service_kind,
        )
    order.period = longer
    await store.book(session, order, is_extension=True)
    return overridden
