"""What a question about travelling is answered with: a route and its legs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dispatch.roads.network import LatLon


class TravelLabel(StrEnum):
    """Where a figure comes from; shown beside it."""

    ROADS = "roads"
    STRAIGHT_LINE = "straight_line"


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch driven at one speed; `points` follow the road, both ends included."""

    length_m: float
    speed_kmh: float
    points: tuple[LatLon, ...]
    turning_s: float = 0.0
    """Spent before the stretch, turning round in the road."""

    @property
    def duration_s(self) -> float:
        return self.turning_s + self.length_m / (self.speed_kmh / 3.6)


@dataclass(frozen=True, slots=True)
class Route:
    """A way to drive from the road at the origin to the road at the destination.

    Two points at the same place of a road make a route of no legs, of which `start` is the path.
    """

    start: LatLon
    legs: tuple[Leg, ...]
    label: TravelLabel

    @property
    def duration_s(self) -> float:
        return sum(leg.duration_s for leg in self.legs)

    @property
    def distance_m(self) -> float:
        return sum(leg.length_m for leg in self.legs)

    @property
    def path(self) -> list[LatLon]:
        """All points in order, those at which legs meet once."""
        points = [self.start]
        for leg in self.legs:
            points += leg.points[1:]
        return points
