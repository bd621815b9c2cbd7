"""Travel times without roads: straight lines with a detour factor, always labelled so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from dispatch.roads.network import LatLon
from dispatch.roads.plane import Floats, distance_m
from dispatch.roads.route import Leg, Route, TravelLabel


@dataclass(frozen=True, slots=True)
class StraightLineTravelTimes:
    """Great-circle distance × `detour_factor`, driven at `speed_kmh`."""

    detour_factor: float = 1.4
    speed_kmh: float = 30.0

    def __post_init__(self) -> None:
        if self.detour_factor < 1 or self.speed_kmh <= 0:
            raise ValueError("detour_factor must be at least 1 and speed_kmh above 0")

    @property
    def label(self) -> TravelLabel:
        return TravelLabel.STRAIGHT_LINE

    @property
    def map_version(self) -> None:
        return None

    def at(self, instant: datetime) -> StraightLineTravelTimes:  # noqa: ARG002 (as fast at any hour)
        """The same: no speeds are learned without roads."""
        return self

    def covers(self, point: LatLon) -> bool:  # noqa: ARG002 (a straight line exists everywhere)
        """Every point: straight-line figures are all there is."""
        return True

    def matrix(
        self, origins: Sequence[LatLon], destinations: Sequence[LatLon]
    ) -> tuple[Floats, Floats]:
        """Seconds and metres of each pair, shape (origins, destinations)."""
        starts = np.array(origins, dtype=np.float64).reshape(-1, 1, 2)
        ends = np.array(destinations, dtype=np.float64).reshape(1, -1, 2)
        straight = distance_m(starts[..., 0], starts[..., 1], ends[..., 0], ends[..., 1])
        distances = straight * self.detour_factor
        return distances / (self.speed_kmh / 3.6), distances

    def route(self, origin: LatLon, destination: LatLon) -> Route:
        """One leg from point to point, as long as the detour makes it."""
        _, distances = self.matrix([origin], [destination])
        length_m = float(distances[0, 0])
        legs = (Leg(length_m, self.speed_kmh, (origin, destination)),) if length_m > 0 else ()
        return Route(origin, legs, TravelLabel.STRAIGHT_LINE)
