"""What vehicles do: runs with their stops, as planned, and what was driven."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """A place of a run where a request gets in, or out."""

    request: int
    gets_in: bool


@dataclass(frozen=True, slots=True)
class Leg:
    """What a vehicle drove: when, from where to where, how far, with how many requests aboard."""

    vehicle: int
    left_s: float
    came_s: float
    metres: float
    aboard: int


@dataclass(frozen=True, slots=True)
class Run:
    """What a vehicle does for one request, or for several that share: its stops in order.

    leaves_s: when it leaves for it; ends_s: when it is free again as planned
    picked_s: by request, when it gets in
    """

    vehicle: int
    stops: tuple[Stop, ...]
    leaves_s: float
    ends_s: float
    picked_s: dict[int, float]

    @property
    def requests(self) -> tuple[int, ...]:
        """Who is served by it, in the order of getting in."""
        return tuple(stop.request for stop in self.stops if stop.gets_in)


@dataclass(frozen=True, slots=True)
class Timed:
    """A stop with the way to it; begins_s, ends_s: of getting in, or of stay and way back."""

    stop: Stop
    left_s: float
    came_s: float
    begins_s: float
    ends_s: float
    metres: float
