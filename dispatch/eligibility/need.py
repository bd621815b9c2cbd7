"""What a request asks of a vehicle, and the instant and limits by which rules judge."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.roads.network import LatLon


@dataclass(frozen=True, slots=True)
class Limits:
    """When a position is fresh, and from how soon a ride depends on where vehicles are now."""

    fresh_s: int = 900
    immediate_s: int = 7200

    def __post_init__(self) -> None:
        if min(self.fresh_s, self.immediate_s) < 1:
            raise ValueError("fresh_s and immediate_s must be positive")


@dataclass(frozen=True, slots=True)
class Need:
    """What a request asks of a vehicle; `passengers` does not count the driver.

    ride_m: how long the ride is, there and back where it returns; None where nobody has estimated
    no_allowance: why whoever draws the transport allowance gets no vehicle for it, None otherwise
    """

    unit_no: int
    category: str | None
    passengers: int
    start: datetime
    end: datetime
    origin: LatLon
    ride_m: int | None = None
    no_allowance: str | None = None

    def is_immediate(self, now: datetime, limits: Limits) -> bool:
        """Whether the ride begins so soon that it matters where vehicles are now."""
        return self.start <= now + timedelta(seconds=limits.immediate_s)


@dataclass(frozen=True, slots=True)
class At:
    """The instant and the limits by which rules judge."""

    now: datetime
    limits: Limits
