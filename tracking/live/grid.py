"""Vehicles by squares of latitude and longitude, the records of a square side by side in memory.

What costs in a search is to reach for what lies scattered in memory. Here a few squares are joined
into one array, and all that the search needs of a vehicle stands in its record.
"""

from collections.abc import Iterable
from math import asin, cos, floor, radians, sin
from struct import Struct

import numpy as np

from tracking.geo import MEAN_RADIUS_M, Floats

_RECORD = Struct("=6d")
_SIZE, _COLUMNS = _RECORD.size, 6
# More than there are columns in a row.
_ROW = 1 << 32


Box = tuple[float, float, float, float]
"""South, west, north and east edge in degrees."""


class Grid:
    """The vehicles of each occupied square, so many squares a degree.

    Rows of vehicles have the columns x, y, z (metres from the earth's centre), latitude and
    longitude in degrees, and the vehicle's number, which is below 2**53; shape (n, 6).
    """

    def __init__(self, a_degree: int) -> None:
        self.a_degree = a_degree
        self._blocks: dict[int, bytearray] = {}
        self._square_of: dict[int, int] = {}
        self._offset_of: dict[int, int] = {}

    def put(self, vehicle_no: int, lat: float, lon: float, record: bytes) -> None:
        """Keep a vehicle where it is now, and nowhere else."""
        square = self._square(lat, lon)
        if self._square_of.get(vehicle_no) == square:
            offset = self._offset_of[vehicle_no]
            self._blocks[square][offset : offset + _SIZE] = record
            return
        self.remove(vehicle_no)
        block = self._blocks.setdefault(square, bytearray())
        self._square_of[vehicle_no], self._offset_of[vehicle_no] = square, len(block)
        block += record

    def remove(self, vehicle_no: int) -> None:
        """Forget a vehicle, if it is here; the last one of its square takes its place there."""
        square = self._square_of.pop(vehicle_no, None)
        if square is None:
            return
        block, offset = self._blocks[square], self._offset_of.pop(vehicle_no)
        last = block[-_SIZE:]
        del block[-_SIZE:]
        if offset < len(block):
            block[offset : offset + _SIZE] = last
            self._offset_of[int(_RECORD.unpack(last)[-1])] = offset
        elif not block:
            del self._blocks[square]

    def count(self, lat: float, lon: float) -> int:
        """How many vehicles are in the square of a place."""
        return len(self._blocks.get(self._square(lat, lon), b"")) // _SIZE

    def squares(self, box: Box) -> float:
        """About how many squares a box touches."""
        south, west, north, east = box
        return ((north - south) * self.a_degree + 1) * ((east - west) * self.a_degree + 1)

    def inside(self, box: Box) -> Floats:
        """The rows of all squares that a box touches."""
        a_degree, block = self.a_degree, self._blocks.get
        south, west, north, east = box
        left, right = floor(west * a_degree), floor(east * a_degree) + 1
        touched: list[bytearray] = []
        for row in range(floor(south * a_degree) * _ROW, floor(north * a_degree) * _ROW + 1, _ROW):
            touched += filter(None, map(block, range(row + left, row + right)))
        return _rows(touched)

    def everything(self) -> Floats:
        """The rows of all vehicles."""
        return _rows(self._blocks.values())

    def _square(self, lat: float, lon: float) -> int:
        return floor(lat * self.a_degree) * _ROW + floor(lon * self.a_degree)


def record(vehicle_no: int, lat: float, lon: float) -> bytes:
    """A row of a grid, as it lies in memory."""
    return _RECORD.pack(*in_space(lat, lon), lat, lon, vehicle_no)


def in_space(lat: float, lon: float) -> tuple[float, float, float]:
    """A place on the sphere as a point in space, metres from its centre."""
    phi, theta = radians(lat), radians(lon)
    across_m = MEAN_RADIUS_M * cos(phi)
    return across_m * cos(theta), across_m * sin(theta), MEAN_RADIUS_M * sin(phi)


def along_m(across_m: float) -> float:
    """Metres along the sphere between two places so many metres apart straight through it."""
    return 2 * MEAN_RADIUS_M * asin(min(1.0, across_m / (2 * MEAN_RADIUS_M)))


def _rows(blocks: Iterable[bytearray]) -> Floats:
    return np.frombuffer(b"".join(blocks)).reshape(-1, _COLUMNS)
