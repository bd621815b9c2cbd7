"""Which unit used a vehicle when, and where the vehicle was to park meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracking.geo import distance_m


@dataclass(frozen=True, slots=True)
class BasePlace:
    """The approved place of a vehicle off duty (定点停放点), WGS-84."""

    name: str
    latitude: float
    longitude: float
    radius_m: float

    def distance_m(self, place: tuple[float, float]) -> float:
        """Return the metres from the centre to a place (latitude, longitude)."""
        return distance_m(self.latitude, self.longitude, *place)

    def reach_m(self, at_least_m: float) -> float:
        """Return up to where the vehicle counts as at its base, never less than the rule's own."""
        return max(self.radius_m, at_least_m)


@dataclass(frozen=True, slots=True)
class Use:
    """A unit used the vehicle in [start, end); None is open. Without a base, nothing is off it."""

    organisation_no: int
    start: datetime | None
    end: datetime | None
    base: BasePlace | None

    def holds(self, time: datetime) -> bool:
        """Return whether the instant lies in the period."""
        return (self.start is None or self.start <= time) and (self.end is None or time < self.end)


def use_at(uses: Sequence[Use], time: datetime) -> Use:
    """Return the use in force at an instant; `uses` are in order of time and not empty.

    Kilometres between two uses stay with the unit that had the vehicle last, those before the
    first go to the first: no metre may fall out of the sums.
    """
    current = uses[0]
    for use in uses:
        if use.start is None or use.start <= time:
            current = use
    return current
