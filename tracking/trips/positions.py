"""What the trip machine takes: the positions of one vehicle, as columns or one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

UNKNOWN = -1


class Seen(NamedTuple):
    """A position in memory; unknown speed and odometer are -1."""

    time_s: int
    lat: float
    lon: float
    speed_kmh: float
    odometer_m: int


@dataclass(frozen=True, slots=True)
class PositionArrays:
    """Positions of one vehicle ordered by (time, digest), none doubtful; all of shape (n,).

    `time_s` epoch seconds, `lat`, `lon` degrees, `speed_kmh` as reported (NaN, negative or an
    impossible speed is unknown), `acc` carried for display, `odometer_m` -1 unknown.
    """

    time_s: npt.NDArray[np.int64]
    digest: npt.NDArray[np.int64]
    lat: npt.NDArray[np.float64]
    lon: npt.NDArray[np.float64]
    speed_kmh: npt.NDArray[np.float64]
    acc: npt.NDArray[np.bool_]
    odometer_m: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        n = len(self.time_s)
        others = (self.digest, self.lat, self.lon, self.speed_kmh, self.acc, self.odometer_m)
        if any(len(column) != n for column in others):
            raise ValueError("columns of positions differ in length")
        step = np.diff(self.time_s)
        # Compared, not subtracted: digests use all 64 bits, and their difference would overflow.
        backwards = self.digest[1:] < self.digest[:-1]
        if np.any(step < 0) or np.any((step == 0) & backwards):
            raise ValueError("positions are not ordered by (time, digest)")

    def __len__(self) -> int:
        return len(self.time_s)

    def part(self, start: int, stop: int) -> "PositionArrays":
        """The positions from `start` up to, not including, `stop`."""
        return PositionArrays(
            self.time_s[start:stop],
            self.digest[start:stop],
            self.lat[start:stop],
            self.lon[start:stop],
            self.speed_kmh[start:stop],
            self.acc[start:stop],
            self.odometer_m[start:stop],
        )

    def take(self, chosen: npt.NDArray[np.bool_]) -> "PositionArrays":
        """The positions for which `chosen`, of shape (n,), is true."""
        return PositionArrays(
            self.time_s[chosen],
            self.digest[chosen],
            self.lat[chosen],
            self.lon[chosen],
            self.speed_kmh[chosen],
            self.acc[chosen],
            self.odometer_m[chosen],
        )

    @classmethod
    def of(
        cls,
        time_s: Sequence[int],
        lat: Sequence[float],
        lon: Sequence[float],
        digest: Sequence[int] | None = None,
        speed_kmh: Sequence[float] | None = None,
        acc: Sequence[bool] | None = None,
        odometer_m: Sequence[int] | None = None,
    ) -> "PositionArrays":
        """From plain lists; a column left out is unknown (digests count up, ACC is off)."""
        n = len(time_s)
        return cls(
            np.asarray(time_s, np.int64),
            np.arange(n, dtype=np.int64) if digest is None else np.asarray(digest, np.int64),
            np.asarray(lat, np.float64),
            np.asarray(lon, np.float64),
            np.full(n, float(UNKNOWN)) if speed_kmh is None else np.asarray(speed_kmh, np.float64),
            np.zeros(n, np.bool_) if acc is None else np.asarray(acc, np.bool_),
            np.full(n, UNKNOWN, np.int64)
            if odometer_m is None
            else np.asarray(odometer_m, np.int64),
        )
