"""The newest position of each vehicle, found by place. A replica in memory, rebuilt at will.

Why squares and not rings of H3 cells: docs/decisions/0018-nearest-by-squares.md.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracking.cells import (
    FINE_RESOLUTION,
    LONGEST_REACH,
    average_edge_m,
    cell_of,
    centre_of,
    parent_of,
    resolution_of,
)
from tracking.geo import MEAN_RADIUS_M, Floats
from tracking.live.grid import Box, Grid, along_m, in_space, record

# Squares of a kilometre for a city, of five and a half for the country: so many a degree.
_FINE, _WIDE = 128, 20
# Further than this fine squares are too many to reach for.
_FINE_REACH_M = 1200.0
# To reach for one square costs what it costs to look at so many vehicles.
_VEHICLES_A_SQUARE = 16
# Vehicles are never spread evenly: the circle that would hold k of them seldom does.
_SPARE = 1.4
# Where nobody is near, the first circle is as large as this, and the next is so much wider.
_FIRST_M, _WIDER = 2000.0, 3.0
# Products of two places in space are rounded, and are as exact as this, in square metres.
_MARGIN_M2 = 0.25
# Up to so many, to sort them all is cheaper than to part the nearest from the others.
_FEW = 400
# Boxes are cut this much wider, so that their rounding leaves nothing out.
_MARGIN_M = 0.001
_M_A_DEGREE = math.radians(MEAN_RADIUS_M)


@dataclass(frozen=True, slots=True)
class LivePosition:
    """What the live map knows of a vehicle. Unknown speed or course is None."""

    vehicle_no: int
    time_s: int
    digest: int
    lat: float
    lon: float
    speed_kmh: float | None = None
    course_deg: float | None = None
    acc: bool | None = None

    @property
    def order(self) -> tuple[int, int]:
        """Positions of a vehicle are ordered by (time, digest)."""
        return self.time_s, self.digest


Accept = Callable[[LivePosition], bool]


def accept_all(_: LivePosition) -> bool:
    """The filter that lets every vehicle through."""
    return True


class LiveIndex:
    """Newest positions by vehicle, and by squares of two sizes."""

    def __init__(self) -> None:
        self._newest: dict[int, LivePosition] = {}
        self._fine, self._wide = Grid(_FINE), Grid(_WIDE)

    def __len__(self) -> int:
        return len(self._newest)

    def __iter__(self) -> Iterator[LivePosition]:
        return iter(self._newest.values())

    def get(self, vehicle_no: int) -> LivePosition | None:
        """The newest position of a vehicle, None if it has none."""
        return self._newest.get(vehicle_no)

    def cell(self, vehicle_no: int) -> int | None:
        """The H3 cell in which a vehicle is, None if it has no position."""
        position = self._newest.get(vehicle_no)
        return None if position is None else cell_of(position.lat, position.lon)

    def put(self, position: LivePosition) -> bool:
        """Keep the position if it is newer than the one held; whether it was."""
        vehicle_no, lat, lon = position.vehicle_no, position.lat, position.lon
        held = self._newest.get(vehicle_no)
        if held is not None and held.order >= position.order:
            return False
        self._newest[vehicle_no] = position
        row = record(vehicle_no, lat, lon)
        self._fine.put(vehicle_no, lat, lon, row)
        self._wide.put(vehicle_no, lat, lon, row)
        return True

    def remove(self, vehicle_no: int) -> bool:
        """Forget a vehicle (struck off, hidden); whether it was there."""
        self._fine.remove(vehicle_no)
        self._wide.remove(vehicle_no)
        return self._newest.pop(vehicle_no, None) is not None

    def nearest(
        self,
        lat: float,
        lon: float,
        k: int,
        max_distance_m: float = math.inf,
        accept: Accept = accept_all,
    ) -> list[tuple[int, float]]:
        """The k accepted vehicles nearest to a place, as (vehicle, straight metres), exact.

        Metres are those along the earth, right to a micrometre, and to a metre on its other side.
        Nearest first, equal distances by vehicle number; fewer than k if there are no more within
        `max_distance_m`. A circle likely to hold k is searched, then a larger one, until nothing
        outside can be nearer than what was found.
        """
        if k < 1:
            return []
        place = in_space(lat, lon)
        here = np.array((*place, 0.0, 0.0, 0.0))
        reach_m = min(max_distance_m, self._likely_m(lat, lon, k))
        while True:
            rows, reach_m = self._within(lat, lon, reach_m)
            if accept is not accept_all:
                rows = rows[[accept(self._newest[int(no)]) for no in rows[:, 5].tolist()]]
            near = rows.take(_nearest(rows.dot(here), k), 0).tolist()
            found = sorted([(math.dist(place, row[:3]), row[5]) for row in near])[:k]
            measured = [(int(no), along_m(across_m)) for across_m, no in found]
            kth_m = measured[-1][1] if len(found) == k else math.inf
            if kth_m <= min(reach_m, max_distance_m):
                return measured
            enough_m = min(kth_m, max_distance_m)
            if enough_m <= reach_m:
                return [one for one in measured if one[1] <= max_distance_m]
            reach_m = min(enough_m, _WIDER * reach_m)

    def in_cells(self, cells: Iterable[int]) -> list[LivePosition]:
        """Vehicles in any of the H3 cells, each once, by vehicle number. Cells finer than
        `FINE_RESOLUTION` raise ValueError."""
        found: dict[int, LivePosition] = {}
        for cell in set(cells):
            resolution = resolution_of(cell)
            if resolution > FINE_RESOLUTION:
                raise ValueError(f"cell {cell} is too fine")
            reach_m = LONGEST_REACH * average_edge_m(resolution)
            rows, _ = self._within(*centre_of(cell), reach_m)
            for at_lat, at_lon, no in rows[:, 3:].tolist():
                if parent_of(cell_of(at_lat, at_lon), resolution) == cell:
                    found[int(no)] = self._newest[int(no)]
        return [found[no] for no in sorted(found)]

    def in_bounds(self, south: float, west: float, north: float, east: float) -> list[LivePosition]:
        """Vehicles in the box (edges included, not across the 180° meridian), by number."""
        box = south, west, north, east
        few = self._wide.squares(box) * _VEHICLES_A_SQUARE <= len(self)
        rows = self._wide.inside(box) if few else self._wide.everything()
        lat, lon, numbers = rows[:, 3:].T
        inside = (south <= lat) & (lat <= north) & (west <= lon) & (lon <= east)
        return [self._newest[int(no)] for no in np.sort(numbers[inside]).tolist()]

    def _likely_m(self, lat: float, lon: float, k: int) -> float:
        """Metres of a circle that holds k, if vehicles are as dense as in the square there."""
        grid, count = self._fine, self._fine.count(lat, lon)
        if count < k:
            grid, count = self._wide, self._wide.count(lat, lon)
        if not count:
            return _FIRST_M
        side_m = _M_A_DEGREE / grid.a_degree
        return _SPARE * side_m * math.sqrt(k / count / math.pi * math.cos(math.radians(lat)))

    def _within(self, lat: float, lon: float, reach_m: float) -> tuple[Floats, float]:
        """The rows of all vehicles within so many metres and of others, and how far off those
        are at least that are left out."""
        box = _box(lat, lon, reach_m)
        if box is not None and reach_m <= _FINE_REACH_M:
            return self._fine.inside(box), reach_m
        if box is None or self._wide.squares(box) * _VEHICLES_A_SQUARE > len(self):
            return self._wide.everything(), math.inf
        return self._wide.inside(box), reach_m


def _box(lat: float, lon: float, reach_m: float) -> Box | None:
    """The box around a circle; None where it isn't one, at a pole or across the 180° meridian.

    The meridians touch a circle of angle a around latitude b at asin(sin a / cos b) either side.
    """
    angle = (reach_m + _MARGIN_M) / MEAN_RADIUS_M
    high = math.degrees(angle)
    if not abs(lat) + high < 90:
        return None
    wide = math.degrees(math.asin(math.sin(angle) / math.cos(math.radians(lat))))
    if not -180 < lon - wide < lon + wide < 180:
        return None
    return lat - high, lon - wide, lat + high, lon + wide


def _nearest(products: Floats, k: int) -> npt.NDArray[np.intp]:
    """Which are the k nearest, and whatever is too close to them to tell: the greater the product
    of two places in space, the nearer they are."""
    beyond = len(products) - k
    if beyond <= 0:
        return np.arange(len(products))
    if len(products) > _FEW:
        parted = products.copy()
        parted.partition(beyond)
        near: npt.NDArray[np.intp] = (products >= parted.item(beyond) - _MARGIN_M2).nonzero()[0]
        return near
    order = products.argsort()
    least = products.item(order.item(beyond)) - _MARGIN_M2
    while beyond and products.item(order.item(beyond - 1)) >= least:
        beyond -= 1
    return order[beyond:]
