"""How far an approach has come, and whether the vehicle will be late: pure rules.

Where a vehicle is says where its driver is. So a passenger sees it only while it comes: from its
departure, or from shortly before the promised pick-up, until it is there; not before, not after.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.orders.states import OrderState
from dispatch.roads.network import LatLon
from dispatch.sightings import Sight
from tracking.geo import distance_m


class ApproachPhase(StrEnum):
    """How far the approach of a vehicle to its passenger has come."""

    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    APPROACHING = "approaching"
    HERE = "here"
    UNDER_WAY = "under_way"
    OVER = "over"


SHOWN = frozenset({ApproachPhase.APPROACHING, ApproachPhase.HERE})
"""The phases in which the vehicle's position is shown."""

_AHEAD = frozenset({OrderState.ASSIGNED, OrderState.ACCEPTED})
_RIDING = frozenset({OrderState.ARRIVED, OrderState.RETURNING})


@dataclass(frozen=True, slots=True)
class ApproachRules:
    """before_s: so long before the promised pick-up a vehicle that has not departed is shown
    here_m: nearer than this the vehicle is at the pick-up; left_m: further than this it has left
    stale_s: from a position older than this no arrival is told
    late_s: so much later than promised an arrival is called late
    """

    before_s: int = 1800
    here_m: float = 150.0
    left_m: float = 300.0
    stale_s: int = 180
    late_s: int = 120

    def __post_init__(self) -> None:
        if not 0 < self.here_m <= self.left_m:
            raise ValueError("here_m must be above 0 and at most left_m")
        if min(self.before_s, self.stale_s, self.late_s) < 0:
            raise ValueError("before_s, stale_s and late_s must be at least 0")


@dataclass(frozen=True, slots=True)
class Run:
    """What an approach rests on: the order's state and times, and where the passenger waits."""

    state: OrderState
    departed_at: datetime | None
    promised_at: datetime
    ends_at: datetime
    pick_up: LatLon


def shown_from(promised_at: datetime, rules: ApproachRules) -> datetime:
    """Return the instant from which a vehicle that has not departed may be shown."""
    return promised_at - timedelta(seconds=rules.before_s)


def window_start(run: Run, now: datetime, rules: ApproachRules) -> datetime | None:
    """Return the instant from which positions count; None while or when none may be shown."""
    if run.state is OrderState.DEPARTED and run.departed_at is not None:
        # Terminals know no parts of a second: what they say of this one counts.
        return run.departed_at.replace(microsecond=0)
    start = shown_from(run.promised_at, rules)
    return start if run.state in _AHEAD and start <= now < run.ends_at else None


def away_m(run: Run, sight: Sight) -> float:
    """Return the straight metres from the vehicle to the pick-up."""
    return distance_m(*sight.at, *run.pick_up)


def phase_of(
    run: Run, now: datetime, sight: Sight | None, *, been_there: bool, rules: ApproachRules
) -> ApproachPhase:
    """Return how far the approach has come.

    been_there: whether the vehicle has been at the pick-up since it departed; once it has and is
    away again, the passenger rides in it and its place is no longer theirs to see
    """
    if run.state in _RIDING:
        return ApproachPhase.UNDER_WAY
    if run.state is not OrderState.DEPARTED and run.state not in _AHEAD:
        return ApproachPhase.OVER
    if window_start(run, now, rules) is None:
        return ApproachPhase.WAITING if now < run.promised_at else ApproachPhase.OVER
    if sight is None:
        return ApproachPhase.APPROACHING
    away = away_m(run, sight)
    if away <= (rules.left_m if been_there else rules.here_m):
        return ApproachPhase.HERE
    return ApproachPhase.UNDER_WAY if been_there else ApproachPhase.APPROACHING


def is_stale(sight: Sight, now: datetime, rules: ApproachRules) -> bool:
    """Return whether a position is too old to tell an arrival from."""
    return (now - sight.seen_at).total_seconds() > rules.stale_s


def arrival_at(run: Run, sight: Sight, travel_s: float, now: datetime) -> datetime:
    """Return when the vehicle will be at the pick-up.

    One that has departed drives on from where it was seen; one that has not is expected at the
    promised time, or as soon as it could be there.
    """
    if run.state is OrderState.DEPARTED:
        return max(now, sight.seen_at + timedelta(seconds=travel_s))
    return max(run.promised_at, now + timedelta(seconds=travel_s))


def lateness_s(
    run: Run, arrives_at: datetime | None, now: datetime, rules: ApproachRules
) -> int | None:
    """Return how many seconds later than promised the vehicle will be there; None for in time.

    Where its arrival is unknown it is at least as late as it already is.
    """
    late_s = ((arrives_at or now) - run.promised_at).total_seconds()
    return round(late_s) if late_s > rules.late_s else None
