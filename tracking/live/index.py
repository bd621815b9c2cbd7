"""The newest position of each vehicle, found by H3 cell. A replica in memory, rebuilt at will."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import nsmallest

from tracking.cells import (
    COARSE_RESOLUTION,
    FINE_RESOLUTION,
    LONGEST_REACH,
    average_edge_m,
    cell_of,
    centre_of,
    parent_of,
    resolution_of,
    ring,
    unseen_beyond_m,
)
from tracking.geo import MEAN_RADIUS_M, distance_m


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
    """Newest positions by vehicle, by fine cell, and fine cells by coarse cell."""

    def __init__(self, resolution: int = FINE_RESOLUTION) -> None:
        if not COARSE_RESOLUTION < resolution <= 15:
            raise ValueError(f"resolution must be {COARSE_RESOLUTION + 1} to 15")
        self.resolution = resolution
        self._newest: dict[int, LivePosition] = {}
        self._cell_of: dict[int, int] = {}
        self._vehicles_in: dict[int, set[int]] = {}
        self._cells_in: dict[int, set[int]] = {}

    def __len__(self) -> int:
        return len(self._newest)

    def __iter__(self) -> Iterator[LivePosition]:
        return iter(self._newest.values())

    def get(self, vehicle_no: int) -> LivePosition | None:
        """The newest position of a vehicle, None if it has none."""
        return self._newest.get(vehicle_no)

    def cell(self, vehicle_no: int) -> int | None:
        """The fine cell in which a vehicle is, None if it has no position."""
        return self._cell_of.get(vehicle_no)

    def put(self, position: LivePosition) -> bool:
        """Keep the position if it is newer than the one held; whether it was."""
        vehicle_no = position.vehicle_no
        held = self._newest.get(vehicle_no)
        if held is not None and held.order >= position.order:
            return False
        self._newest[vehicle_no] = position
        cell = cell_of(position.lat, position.lon, self.resolution)
        if self._cell_of.get(vehicle_no) != cell:
            self._leave_cell(vehicle_no)
            self._enter_cell(vehicle_no, cell)
        return True

    def remove(self, vehicle_no: int) -> bool:
        """Forget a vehicle (struck off, hidden); whether it was there."""
        self._leave_cell(vehicle_no)
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

        Nearest first, equal distances by vehicle number; fewer than k if there are no more within
        `max_distance_m`. Rings of cells are searched outwards until nothing unseen can be nearer;
        once that has taken more cells than there are vehicles, all are looked at instead.
        """
        if k < 1:
            return []
        found: list[tuple[float, int]] = []
        centre = cell_of(lat, lon, self.resolution)
        steps, looked_at = 0, 0
        while looked_at <= len(self._newest):
            for cell in ring(centre, steps):
                looked_at += 1
                found += self._measured(self._vehicles_in.get(cell, ()), lat, lon, accept)
            found = nsmallest(k, found)
            enough_m = found[-1][0] if len(found) == k else math.inf
            if unseen_beyond_m(steps, self.resolution) > min(enough_m, max_distance_m):
                break
            steps += 1
        else:
            found = nsmallest(k, self._measured(self._newest, lat, lon, accept))
        return [(vehicle_no, metres) for metres, vehicle_no in found if metres <= max_distance_m]

    def in_cells(self, cells: Iterable[int]) -> list[LivePosition]:
        """Vehicles in any of the cells, each once, by vehicle number. Cells finer than the
        index's raise ValueError."""
        fine: set[int] = set()
        for cell in cells:
            fine.update(self._fine_cells(cell))
        vehicles = (v for cell in fine for v in self._vehicles_in.get(cell, ()))
        return [self._newest[v] for v in sorted(vehicles)]

    def in_bounds(self, south: float, west: float, north: float, east: float) -> list[LivePosition]:
        """Vehicles in the box (edges included, not across the 180° meridian), by number."""
        margin = math.degrees(LONGEST_REACH * average_edge_m(COARSE_RESOLUTION) / MEAN_RADIUS_M)
        inside: list[int] = []
        for coarse, cells in self._cells_in.items():
            lat, lon = centre_of(coarse)
            wide = margin / max(0.01, math.cos(math.radians(lat)))
            if south - margin <= lat <= north + margin and west - wide <= lon <= east + wide:
                inside += [
                    v
                    for cell in cells
                    for v in self._vehicles_in[cell]
                    if south <= self._newest[v].lat <= north and west <= self._newest[v].lon <= east
                ]
        return [self._newest[v] for v in sorted(inside)]

    def _measured(
        self, vehicles: Iterable[int], lat: float, lon: float, accept: Accept
    ) -> Iterator[tuple[float, int]]:
        for vehicle_no in vehicles:
            position = self._newest[vehicle_no]
            if accept(position):
                yield distance_m(lat, lon, position.lat, position.lon), vehicle_no

    def _fine_cells(self, cell: int) -> Iterable[int]:
        resolution = resolution_of(cell)
        if resolution > self.resolution:
            raise ValueError(f"cell {cell} is finer than the index")
        if resolution == self.resolution:
            return (cell,)
        if resolution >= COARSE_RESOLUTION:
            near = self._cells_in.get(parent_of(cell, COARSE_RESOLUTION), ())
            return (fine for fine in near if parent_of(fine, resolution) == cell)
        return (
            fine
            for coarse, fines in self._cells_in.items()
            if parent_of(coarse, resolution) == cell
            for fine in fines
        )

    def _enter_cell(self, vehicle_no: int, cell: int) -> None:
        self._cell_of[vehicle_no] = cell
        vehicles = self._vehicles_in.setdefault(cell, set())
        if not vehicles:
            self._cells_in.setdefault(parent_of(cell, COARSE_RESOLUTION), set()).add(cell)
        vehicles.add(vehicle_no)

    def _leave_cell(self, vehicle_no: int) -> None:
        cell = self._cell_of.pop(vehicle_no, None)
        if cell is None:
            return
        vehicles = self._vehicles_in[cell]
        vehicles.discard(vehicle_no)
        if vehicles:
            return
        del self._vehicles_in[cell]
        coarse = parent_of(cell, COARSE_RESOLUTION)
        self._cells_in[coarse].discard(cell)
        if not self._cells_in[coarse]:
            del self._cells_in[coarse]
