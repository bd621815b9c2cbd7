"""The board of arrivals: who is at the assembly point, on the way with a forecast, or missing.

Pure rules; every position and way comes in as an argument. A position older than three minutes
forecasts nothing, as in the warnings of rolling operation.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.missions.words import ArrivalStanding
from dispatch.orders.states import OUT, OrderState

_OVER = frozenset(
    {
        OrderState.RETURNED,
        OrderState.CONFIRMING,
        OrderState.ARCHIVED,
        OrderState.CANCELLED,
    }
)


@dataclass(frozen=True, slots=True)
class ArrivalRules:
    """How old a position may be, and how far back one is looked for at all."""

    silent_s: int = 180
    looked_back_s: int = 86_400

    def __post_init__(self) -> None:
        if not 0 < self.silent_s < self.looked_back_s:
            raise ValueError("silent_s must lie between 0 and looked_back_s")


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a vehicle was seen last: its way to the assembly point by air and by road.

    road_s: None where no road leads there
    """

    at: datetime
    away_m: float
    road_s: float | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a vehicle stands; `arrives_at` and `late_s` are None where nobody knows."""

    standing: ArrivalStanding
    arrives_at: datetime | None = None
    late_s: int | None = None


def arrival_of(
    state: OrderState | None,
    seen: Seen | None,
    radius_m: float,
    gather_at: datetime,
    now: datetime,
    rules: ArrivalRules,
    *,
    wanted: bool = True,
) -> Arrival:
    """Return where a vehicle stands on its way to the assembly point.

    state: of its order, None without one
    wanted: whether one that breaks off leaves somebody waiting: no standby, nor when its time is up
    Whoever has not departed is missing once it can't be there in time any more, or nobody has
    heard of it when it should be.
    """
    if state is None:
        return Arrival(ArrivalStanding.UNASSIGNED)
    if state in _OVER:
        return Arrival(ArrivalStanding.OVER)
    if state is OrderState.INTERRUPTED:
        return Arrival(ArrivalStanding.MISSING if wanted else ArrivalStanding.OVER)
    is_fresh = seen is not None and now - seen.at <= timedelta(seconds=rules.silent_s)
    if seen is not None and is_fresh and seen.away_m <= radius_m:
        return Arrival(ArrivalStanding.AT_ASSEMBLY)
    arrives_at = None
    if seen is not None and is_fresh and seen.road_s is not None:
        arrives_at = now + timedelta(seconds=round(seen.road_s))
    late_s = _late_s(arrives_at, gather_at)
    if state in OUT:
        standing = ArrivalStanding.ON_THE_WAY if is_fresh else ArrivalStanding.MISSING
        return Arrival(standing, arrives_at, late_s)
    is_due = (late_s > 0) if late_s is not None else now >= gather_at
    standing = ArrivalStanding.MISSING if is_due else ArrivalStanding.NOT_DEPARTED
    return Arrival(standing, arrives_at, late_s)


def _late_s(arrives_at: datetime | None, gather_at: datetime) -> int | None:
    if arrives_at is None:
        return None
    return max(0, round((arrives_at - gather_at).total_seconds()))
