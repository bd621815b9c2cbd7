"""The demo's invented city as the town of the browser tests: its map, and places on its roads."""

import math
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from demo.cast import CITY_SEED
from demo.city import generate, write
from dispatch.roads.importing.importing import import_map
from dispatch.roads.network import RoadNetwork

MIDDLE = (43.3, 114.6)
"""(latitude, longitude) of the invented city's centre, in degrees."""

_M_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of a road, and the way a vehicle on it faces."""

    latitude: float
    longitude: float
    course_deg: int


@dataclass(frozen=True, slots=True)
class Town:
    """The imported map: the data folder that holds it, and its roads."""

    folder: Path
    roads: RoadNetwork

    @property
    def settings(self) -> dict[str, str]:
        """The settings of a system that stands in this town."""
        return {"GONGCHE_DATA_DIR": str(self.folder)}


def import_town(folder: Path) -> Town:
    """Import the invented city into the data folder `folder`."""
    write(generate(CITY_SEED), folder / "city.osm.pbf")
    version = import_map(folder / "city.osm.pbf", folder / "maps", lambda line: None)
    return Town(folder, RoadNetwork.load(version.folder))


def spots(roads: RoadNetwork, count: int, within_m: float, seed: int = CITY_SEED) -> list[Spot]:
    """Return `count` points of roads not farther than `within_m` from the middle.

    They lie apart from each other, so that no vehicle is drawn over another.
    """
    edges = list(range(roads.edge_count))
    Random(seed).shuffle(edges)
    apart_m = within_m / math.sqrt(count)
    found: list[Spot] = []
    for edge in edges:
        spot = _middle_of(roads, edge)
        far = _metres(MIDDLE, (spot.latitude, spot.longitude)) > within_m
        near = any(
            _metres((spot.latitude, spot.longitude), (other.latitude, other.longitude)) < apart_m
            for other in found
        )
        if not far and not near:
            found.append(spot)
        if len(found) == count:
            return found
    raise ValueError(f"only {len(found)} of {count} spots within {within_m} m")


def _middle_of(roads: RoadNetwork, edge: int) -> Spot:
    line = slice(roads.line_start[edge], roads.line_start[edge + 1])
    lat, lon = roads.line_lat[line], roads.line_lon[line]
    i = (len(lat) - 1) // 2
    north, east = lat[i + 1] - lat[i], (lon[i + 1] - lon[i]) * np.cos(np.radians(lat[i]))
    course_deg = round(math.degrees(math.atan2(east, north))) % 360
    return Spot(float(lat[i] + lat[i + 1]) / 2, float(lon[i] + lon[i + 1]) / 2, course_deg)


def _metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    north = (b[0] - a[0]) * _M_PER_DEGREE
    east = (b[1] - a[1]) * _M_PER_DEGREE * math.cos(math.radians(a[0]))
    return math.hypot(north, east)
