"""A batch as columns, with all that can be seen of it in bulk before the machine takes it."""

import math
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tracking.geo import MEAN_RADIUS_M, Floats
from tracking.trips.jumps import M_S_PER_KMH
from tracking.trips.positions import UNKNOWN, PositionArrays, Seen
from tracking.trips.rules import TripRules

Bools = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]

# Vectorised and scalar distances differ in the last bits: what is nearer to a threshold than this
# is left to the scalar rule, so that a split of the arrays changes nothing.
MARGIN_M = 1e-3


class Track:
    """The positions of a batch without repeats; places are points in space, in metres.

    Straight through the earth instead of along it: a place is compared by three subtractions and
    three products, and a threshold along the way is turned into one across once.
    """

    def __init__(self, positions: PositionArrays, rules: TripRules) -> None:
        self._rules = rules
        self.time_s, self.digest = positions.time_s, positions.digest
        self.lat, self.lon = positions.lat, positions.lon
        self.speed_kmh = sane_speeds(positions.speed_kmh, rules)
        self.odometer_m = positions.odometer_m
        self.places = in_space(positions.lat, positions.lon)
        self.pauses_s = np.diff(self.time_s)
        self.steps = squares(self.places[:, 1:] - self.places[:, :-1])
        # Up to half the earth's radius a way along it is less than 1.5 % longer than across.
        reach_m = rules.impossible_kmh * M_S_PER_KMH * np.maximum(1, self.pauses_s) - MARGIN_M
        near = np.minimum(reach_m / 1.015, MEAN_RADIUS_M / 2)
        self.calm: Bools = np.append(False, self.steps < near * near)
        self.slow: Bools = self.speed_kmh <= rules.slow_kmh
        self.wander = Limit(self.slow & (self.speed_kmh >= 0), rules.wander_m, rules.drift_radius_m)
        self.noise = Limit(self.slow, rules.jitter_m, rules.chord_m)

    def __len__(self) -> int:
        return len(self.time_s)

    @cached_property
    def times(self) -> list[int]:
        """The times as plain integers."""
        times: list[int] = self.time_s.tolist()
        return times

    @cached_property
    def breaks(self) -> list[int]:
        """Where no run goes on: a position after a silence, or one that is no plain step."""
        silent_s = min(self._rules.gap_s, self._rules.rest_s)
        quiet = self.calm.copy()
        quiet[1:] &= self.pauses_s < silent_s
        return [*np.flatnonzero(~quiet).tolist(), len(self)]

    def key(self, i: int) -> tuple[int, int]:
        """The place of a position in the order of the track."""
        return int(self.time_s[i]), int(self.digest[i])

    def seen(self, i: int) -> Seen:
        """One position."""
        return Seen(
            self.time_s[i].item(),
            self.lat[i].item(),
            self.lon[i].item(),
            self.speed_kmh[i].item(),
            self.odometer_m[i].item(),
        )

    def columns(self, part: slice) -> dict[str, npt.NDArray[Any]]:
        """What a point of a trip keeps of each position."""
        return {
            "time_s": self.time_s[part],
            "lat": self.lat[part],
            "lon": self.lon[part],
            "speed_kmh": self.speed_kmh[part],
            "odometer_m": self.odometer_m[part],
        }

    def from_place(self, lat: float, lon: float, part: slice) -> Floats:
        """Squared metres across, from a place to each position of a part."""
        phi, theta = math.radians(lat), math.radians(lon)
        x, y, z = self.places[:, part]
        across = MEAN_RADIUS_M * math.cos(phi)
        east, north = x - across * math.cos(theta), y - across * math.sin(theta)
        up = z - MEAN_RADIUS_M * math.sin(phi)
        apart: Floats = east * east + north * north + up * up
        return apart


class Limit:
    """A distance of two values, one where `special` holds: squared across, to either side.

    `shorter` is what is surely within it, `longer` what is surely beyond; both of shape (n,).
    """

    def __init__(self, special: Bools, there_m: float, elsewhere_m: float) -> None:
        low, low_elsewhere = _across(there_m - MARGIN_M), _across(elsewhere_m - MARGIN_M)
        high, high_elsewhere = _across(there_m + MARGIN_M), _across(elsewhere_m + MARGIN_M)
        self.shorter: Floats = np.where(special, low * low, low_elsewhere * low_elsewhere)
        self.longer: Floats = np.where(special, high * high, high_elsewhere * high_elsewhere)


def sane_speeds(told: Floats, rules: TripRules) -> Floats:
    """The reported speeds; one that no vehicle has is unknown."""
    sane = (told >= 0) & (told <= rules.impossible_kmh)
    return np.where(sane, told, float(UNKNOWN))


def in_space(lat: Floats, lon: Floats) -> Floats:
    """Places on the sphere as points in space, metres from its centre; shape (3, n)."""
    phi, theta = np.radians(lat), np.radians(lon)
    across = np.cos(phi)
    return MEAN_RADIUS_M * np.stack((across * np.cos(theta), across * np.sin(theta), np.sin(phi)))


def squares(vectors: Floats) -> Floats:
    """Squared lengths of vectors in space of shape (3, n); shape (n,)."""
    x, y, z = vectors
    squared: Floats = x * x + y * y + z * z
    return squared


def _across(along_m: float) -> float:
    """Metres straight through the sphere for metres along it."""
    return 2 * MEAN_RADIUS_M * math.sin(along_m / (2 * MEAN_RADIUS_M))
