"""A later end for an order that is promised: within what its approval bears, and under its locks.

What lasts much longer than was approved is another ride, and is asked for as one: a driver extends
by some hours, a dispatcher by a day. What a vehicle needs for itself its driver extends to a day;
what runs under a mobilisation lasts as long as its dispatcher says.
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


@dataclass(frozen=True, slots=True)
class ExtensionLimits:
    """How long after the approved end an order may last, by who extends it.

    own_need: how long a driver may make a service order, which nobody approves
    """

    driver: timedelta = timedelta(hours=4)
    dispatcher: timedelta = timedelta(hours=24)
    own_need: timedelta = timedelta(hours=24)

    def latest(
        self,
        planned: Range[datetime],
        approved: Sequence[Range[datetime]],
        *,
        by_driver: bool,
        mobilised: bool,
    ) -> datetime | None:
        """Return until when an order may last; None: as long as any request may.

        planned: as it is promised now; approved: the periods of the requests that it serves
        """
        start = planned.lower
        if start is None or (not by_driver and (mobilised or not approved)):
            return None
        if not approved:
            return start + self.own_need
        ends = [end for one in approved for end in _ends(one, start)]
        return max(ends) + (self.driver if by_driver else self.dispatcher)


LIMITS = ExtensionLimits()


def check_extension(
    planned: Range[datetime], end: datetime, now: datetime, latest: datetime | None
) -> Range[datetime]:
    """Return the period of an order that lasts until `end`, at the latest until `latest`.

    Raises EndNotLater, PeriodInThePast, PeriodTooLong, ExtensionTooLong.
    """
    start, planned_end = planned.lower, planned.upper
    if start is None or planned_end is None or end <= planned_end:
        raise EndNotLater
    if end <= now:
        raise PeriodInThePast(f"The earliest end is now: {now.isoformat(timespec='seconds')}.")
    check_length(start, end)
    if latest is not None and end > latest:
        raise ExtensionTooLong(latest=latest.isoformat())
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
    planned, mobilised = order.period, await store.is_mobilised(session, order.id)
    approved = [one.period for one in served]
    latest = LIMITS.latest(planned, approved, by_driver=by_driver, mobilised=mobilised)
    longer = check_extension(planned, end, now, latest)
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
