"""The ground the city stands on: metres east and north of its centre, bent a little, and a river.

Streets are planned on a straight grid and then bent by a smooth warp, so that they curve as
streets do and still meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin
from random import Random

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from dispatch.roads.plane import LocalPlane

CENTRE = LocalPlane(lat=43.3, lon=114.6)
"""Empty grassland, far from any town: the city is invented and must resemble no real place."""

HALF_WIDTH_M, HALF_HEIGHT_M = 6000.0, 5000.0
RIVER_HALF_WIDTH_M = 90.0
EMBANKMENT_M = 165.0
"""From the middle of the river to the roads along it."""

_STEP_M = 75.0


@dataclass(frozen=True, slots=True)
class Ground:
    """Phases of the waves that bend grid and river."""

    phases: tuple[float, float, float, float, float]

    @classmethod
    def shaped_by(cls, random: Random) -> Ground:
        a, b, c, d, e = (random.uniform(0, 2 * pi) for _ in range(5))
        return cls((a, b, c, d, e))

    def bend(self, line: LineString) -> LineString:
        """A planned line as it lies on the ground, in points at most 75 m apart."""
        east, north = shapely.get_coordinates(line.segmentize(_STEP_M)).T
        a, b, c, d, _ = self.phases
        bent_east = east + 90 * np.sin(north / 1700 + a) + 35 * np.sin(east / 900 + b)
        bent_north = north + 90 * np.sin(east / 1900 + c) + 35 * np.sin(north / 1100 + d)
        return LineString(np.column_stack([bent_east, bent_north]))

    def bend_area(self, area: Polygon) -> Polygon:
        """A planned area as it lies on the ground."""
        return Polygon(self.bend(LineString(area.exterior.coords)))

    @property
    def river(self) -> LineString:
        """The middle of the river, from the western to the eastern edge of the map."""
        east = np.arange(-HALF_WIDTH_M, HALF_WIDTH_M + 1, _STEP_M)
        return self.bend(LineString([(x, self.river_north(x)) for x in east]))

    def river_north(self, east_m: float) -> float:
        """How far north of the centre the middle of the river is planned."""
        return -600 + 260 * sin(east_m / 1500 + self.phases[4]) + 60 * sin(east_m / 600)

    @property
    def water(self) -> Polygon:
        """The river's surface."""
        return self.riverside(RIVER_HALF_WIDTH_M)

    def riverside(self, reach_m: float) -> Polygon:
        """The ground within `reach_m` of the middle of the river."""
        strip = self.river.buffer(reach_m, cap_style="flat").simplify(1.0)
        return Polygon(shapely.get_exterior_ring(strip))


def rounded_box(half_width_m: float, half_height_m: float) -> Polygon:
    """A box with round shoulders (a superellipse of degree 4) around the centre."""
    angle = np.linspace(0, 2 * pi, 241)
    east = half_width_m * np.sign(np.cos(angle)) * np.sqrt(np.abs(np.cos(angle)))
    north = half_height_m * np.sign(np.sin(angle)) * np.sqrt(np.abs(np.sin(angle)))
    return Polygon(np.column_stack([east, north]))
