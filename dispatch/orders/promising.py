"""The promise: the pick-up time that a passenger is told, and when it may become a later one.

A promise is not worsened: only a person makes it later, and only with a reason, which is kept and
told; auto-dispatch never does. It outlives the order of which it was told: an assignment that is
undone leaves the passenger waiting for the same time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import Range

from dispatch.errors import PeriodInThePast, PromiseWorsened
from dispatch.orders.errors import PickupOutsideOrder


@dataclass(frozen=True, slots=True)
class Offer:
    """A pick-up that is about to be told; `pickup_at` None: nobody knows when.

    reason: a person's, for making it later
    """

    pickup_at: datetime | None
    reason: str | None = None
    automatic: bool = False


def pickup_time(start: datetime, now: datetime, arrival_s: int | None) -> datetime | None:
    """Return when a vehicle that needs `arrival_s` from now on is there, not before the start.

    None: the start has passed, and the arrival is unknown.
    """
    if arrival_s is not None:
        return max(start, now + timedelta(seconds=arrival_s))
    return start if start > now else None


def check_pickup(pickup_at: datetime, period: Range[datetime], now: datetime) -> None:
    """Refuse a pick-up that somebody names before now, or outside the period of the order.

    Raises PeriodInThePast or PickupOutsideOrder.
    """
    if pickup_at < now:
        raise PeriodInThePast(f"The earliest pick-up is now: {now.isoformat(timespec='seconds')}.")
    if not period.contains(pickup_at):
        start, end = period.lower, period.upper
        raise PickupOutsideOrder(
            start=start.isoformat() if start else None, end=end.isoformat() if end else None
        )


def to_tell(standing: datetime | None, offer: Offer) -> datetime | None:
    """Return the pick-up time to tell, given the one that stands; None: tell nothing new.

    Raises PromiseWorsened where it would become later without a person's reason.
    """
    if standing is None:
        return offer.pickup_at
    if offer.pickup_at is None:
        # Nobody can say that an unknown arrival keeps the promise; a person may take it on.
        if offer.automatic:
            raise PromiseWorsened(promised_pickup_at=standing.isoformat(), pickup_at=None)
        return None
    if offer.pickup_at > standing and (offer.automatic or not offer.reason):
        raise PromiseWorsened(
            promised_pickup_at=standing.isoformat(), pickup_at=offer.pickup_at.isoformat()
        )
    return offer.pickup_at
