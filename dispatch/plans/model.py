"""A day to plan: its rides, the vehicles and drivers of one organisation, and what was found.

Time is whole seconds since 1970, periods are half-open; distances are metres.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dispatch.capacity.model import Span
from dispatch.roads.network import LatLon


@dataclass(frozen=True, slots=True)
class Ride:
    """A ride to plan: of one request, or of several whose passengers share a vehicle.

    span: from its start to its end; ends_at: where its passengers leave the vehicle
    vehicles: the places of those that may serve it; length_m: of the ride itself
    promised: for how many of its requests capacity is held; requests: how many there are
    """

    span: Span
    origin: LatLon
    ends_at: LatLon
    length_m: int
    vehicles: frozenset[int]
    promised: int = 1
    requests: int = 1

    def __post_init__(self) -> None:
        if self.span[1] <= self.span[0]:
            raise ValueError("a ride must not be empty")
        if not 0 <= self.promised <= self.requests or self.requests == 0:
            raise ValueError("a ride is promised to at most those who asked for it")

    def worth(self, promised: int, asked: int) -> int:
        """Return what serving it is worth, given that of a promised request and of any other."""
        return self.promised * promised + (self.requests - self.promised) * asked


@dataclass(frozen=True, slots=True)
class Car:
    """A vehicle of the day: where it stands, how far it drives (None: far enough).

    taken: when it serves something else
    """

    base: LatLon
    range_m: int | None = None
    taken: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Crew:
    """A driver of the day.

    cars: the places of the vehicles that the licence covers
    free: when they may be on the road: shifts, less leave, orders and the rest after those
    day_left_s, week_left_s: how much more may be ordered of them; has_nothing: not even an order
    before_s: ordered in the weeks before, by which work is shared out
    """

    cars: frozenset[int]
    free: tuple[Span, ...]
    day_left_s: int
    week_left_s: int
    before_s: int = 0


@dataclass(frozen=True, slots=True)
class Roads:
    """Seconds and metres between the points of a day, by their pairs."""

    ways: Mapping[tuple[LatLon, LatLon], tuple[int, int]]

    def seconds(self, origin: LatLon, destination: LatLon) -> int:
        """Return how long a way takes."""
        return 0 if origin == destination else self.ways[origin, destination][0]

    def metres(self, origin: LatLon, destination: LatLon) -> int:
        """Return how long a way is."""
        return 0 if origin == destination else self.ways[origin, destination][1]


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """By what a day is planned.

    turnaround_s: between two rides of a vehicle
    longest_wait_s: for how long a vehicle waits away from its base for its next ride
    most_next: after how many rides next to each in time a vehicle may drive on to without return
    limit_s: for how long each of the two programmes is thought about
    """

    turnaround_s: int = 900
    longest_wait_s: int = 3 * 3600
    most_next: int = 8
    limit_s: float = 10.0

    def __post_init__(self) -> None:
        if min(self.turnaround_s, self.longest_wait_s, self.most_next) < 0 or self.limit_s <= 0:
            raise ValueError("limits of a plan must not be negative")


@dataclass(frozen=True, slots=True)
class Day:
    """All that a plan is made of."""

    rides: Sequence[Ride]
    cars: Sequence[Car]
    crews: Sequence[Crew]
    roads: Roads
    limits: PlanLimits = PlanLimits()


@dataclass(frozen=True, slots=True)
class Line:
    """A ride with the places of its vehicle and driver; empty_m: the way to its passengers."""

    ride: int
    car: int
    crew: int
    empty_m: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for a day.

    lines: by ride; without_car, without_crew: the rides that got none
    empty_m: of all vehicles, back to their bases
    """

    lines: tuple[Line, ...]
    without_car: tuple[int, ...]
    without_crew: tuple[int, ...]
    empty_m: int
