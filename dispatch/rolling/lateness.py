"""Forecasts how late an order will be, from where its vehicle is and what is still to be driven.

Every figure is the least that will come to pass: waiting and traffic only add to it. What is not
known is None and warns of nothing. A warning comes on above one figure and goes off below a smaller
one, so that it does not flicker while a vehicle makes up and loses a minute.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from dispatch.orders.states import OUT, OrderState
from dispatch.rolling.words import WarningKind

Figures = Mapping[WarningKind, float]
"""Seconds by which each kind is exceeded; a kind that is unknown or out of question is absent."""

_AHEAD = (OrderState.ASSIGNED, OrderState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A warning comes on at `on_s` and goes off below `off_s`, both in seconds."""

    on_s: float
    off_s: float

    def __post_init__(self) -> None:
        if self.off_s > self.on_s:
            raise ValueError("a warning must not go off above where it comes on")


_THRESHOLDS = MappingProxyType(
    {
        WarningKind.NOT_DEPARTED: Threshold(0, -60),
        WarningKind.LATE_PICKUP: Threshold(180, 60),
        WarningKind.NEXT_ENDANGERED: Threshold(180, 60),
        WarningKind.LATE_END: Threshold(300, 120),
        WarningKind.POSITION_SILENT: Threshold(600, 120),
    }
)


@dataclass(frozen=True, slots=True)
class RollingRules:
    """stale_s: a position older than this forecasts nothing; thresholds: when warnings come on."""

    stale_s: float = 180
    thresholds: Mapping[WarningKind, Threshold] = field(default_factory=lambda: _THRESHOLDS)


@dataclass(frozen=True, slots=True)
class Following:
    """The vehicle's next order: when its passenger was promised, and how far its pick-up is.

    reach_s: seconds from where this order ends to the next pick-up
    """

    pickup_at: datetime
    reach_s: float


@dataclass(frozen=True, slots=True)
class Underway:
    """A promised order as it stands now; seconds are driving times from where the vehicle was seen.

    seen_at: of the newest position; None: none is known
    to_pickup_s: to the pick-up; rest_s: from the pick-up to the end of the ride
    to_end_s: to the end of the ride, for one whose passenger is aboard
    been_there: whether the vehicle has been at the pick-up since it departed
    """

    state: OrderState
    pickup_at: datetime
    end: datetime
    seen_at: datetime | None = None
    to_pickup_s: float | None = None
    rest_s: float | None = None
    to_end_s: float | None = None
    been_there: bool = False
    following: Following | None = None

    @property
    def is_pickup_ahead(self) -> bool:
        """Whether the passenger still waits."""
        return self.state in _AHEAD or (self.state is OrderState.DEPARTED and not self.been_there)


def figures_of(order: Underway, now: datetime, rules: RollingRules) -> Figures:
    """Return by how many seconds each kind of warning is exceeded, now or as forecast."""
    figures: dict[WarningKind, float] = {}
    age_s = (now - order.seen_at).total_seconds() if order.seen_at else None
    if order.state in OUT:
        out_s = age_s if age_s is not None else float("inf")
        figures[WarningKind.POSITION_SILENT] = out_s
    fresh = age_s is not None and age_s <= rules.stale_s
    to_pickup_s = order.to_pickup_s if fresh else None
    if order.state in _AHEAD:
        leave_by = order.pickup_at - timedelta(seconds=to_pickup_s or 0)
        figures[WarningKind.NOT_DEPARTED] = (now - leave_by).total_seconds()
    elif order.is_pickup_ahead and to_pickup_s is not None:
        arrives_at = now + timedelta(seconds=to_pickup_s)
        figures[WarningKind.LATE_PICKUP] = (arrives_at - order.pickup_at).total_seconds()
    ends_at = ends_no_sooner(order, now, to_pickup_s, order.to_end_s if fresh else None)
    if ends_at is not None:
        figures[WarningKind.LATE_END] = (ends_at - order.end).total_seconds()
        if order.following is not None:
            # The vehicle is promised until the planned end: it is not free before.
            free_at = max(ends_at, order.end) + timedelta(seconds=order.following.reach_s)
            late = free_at - order.following.pickup_at
            figures[WarningKind.NEXT_ENDANGERED] = late.total_seconds()
    return figures


def ends_no_sooner(
    order: Underway, now: datetime, to_pickup_s: float | None, to_end_s: float | None
) -> datetime | None:
    """Return when the ride ends at the earliest, by what is left to drive; None when unknown."""
    if not order.is_pickup_ahead:
        return None if to_end_s is None else now + timedelta(seconds=to_end_s)
    if to_pickup_s is None or order.rest_s is None:
        return None
    arrives_at = max(order.pickup_at, now + timedelta(seconds=to_pickup_s))
    return arrives_at + timedelta(seconds=order.rest_s)


def warned_of(
    figures: Figures, was_on: Set[WarningKind], rules: RollingRules
) -> frozenset[WarningKind]:
    """Return which warnings are on, given those that were."""
    return frozenset(
        kind
        for kind, figure_s in figures.items()
        if figure_s >= _from_s(rules.thresholds[kind], is_on=kind in was_on)
    )


def _from_s(threshold: Threshold, *, is_on: bool) -> float:
    return threshold.off_s if is_on else threshold.on_s
