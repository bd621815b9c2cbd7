"""What the trip machine takes and gives: rules, positions, trips, stops, events."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class TripRules:
    """Thresholds of movement and rest. All distances in metres, durations in seconds.

    The ignition (ACC) is no evidence: its wire is often missing or always live.
    """

    # A parked receiver wanders about this far.
    drift_radius_m: float = 50.0
    # Parked positions this far off are believed even if no speed was reported.
    far_m: float = 150.0
    # Standing in a trip (lights, jams), nearer changes than this are noise of the receiver.
    jitter_m: float = 20.0
    # Under way, metres are counted in chords longer than this, or noise would lengthen the way.
    chord_m: float = 10.0
    # At or below this reported speed a vehicle may be standing.
    slow_kmh: float = 5.0
    # No road vehicle is faster: such a jump is an error of the receiver.
    impossible_kmh: float = 250.0
    # So many positions prove a movement, or a jump's new place.
    proof_positions: int = 3
    # A jump's new place is believed after this long.
    proof_s: int = 60
    # A trip ends when the vehicle has stayed within the drift radius for this long.
    rest_s: int = 300
    # Silence from this long on is a gap.
    gap_s: int = 120
    # A departure during a silence is dated back from the first position seen, at this pace.
    departure_kmh: float = 30.0
    # Longer trips are cut in two at a common point, so that memory stays bounded
    # (12 hours at a position a second).
    most_points: int = 43_200

    def __post_init__(self) -> None:
        if not 0 < self.chord_m <= self.jitter_m <= self.drift_radius_m < self.far_m:
            raise ValueError("need 0 < chord_m <= jitter_m <= drift_radius_m < far_m")
        if not 0 < self.slow_kmh < self.departure_kmh < self.impossible_kmh:
            raise ValueError("need 0 < slow_kmh < departure_kmh < impossible_kmh")
        if min(self.proof_positions, self.proof_s, self.rest_s, self.gap_s) < 1:
            raise ValueError("counts and durations must be positive")
        if self.most_points < 10:
            raise ValueError("most_points must be at least 10")


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


@dataclass(frozen=True, slots=True)
class Trip:
    """A movement from rest to rest, with n points and n - 1 pairs of consecutive points.

    Point i lies `offsets_s[i]` after the start at (`lats[i]`, `lons[i]`); `pair_m[i]` are the
    metres counted from point i to point i + 1, rounded once, the remainder carried to the next
    pair, so that the sum is within a metre of the exact way; `gaps` are the pairs i that span a
    silence (straight metres) or an impossible jump (0 metres, because they are unknown).
    """

    started_at_s: int
    offsets_s: tuple[int, ...]
    lats: tuple[float, ...]
    lons: tuple[float, ...]
    pair_m: tuple[int, ...]
    gaps: tuple[int, ...]
    max_speed_kmh: float | None
    odometer_start_m: int | None
    odometer_end_m: int | None

    @property
    def ended_at_s(self) -> int:
        return self.started_at_s + self.offsets_s[-1]

    @property
    def start(self) -> tuple[float, float]:
        """(lat, lon) of the rest that the trip left."""
        return self.lats[0], self.lons[0]

    @property
    def end(self) -> tuple[float, float]:
        """(lat, lon) where the rest began."""
        return self.lats[-1], self.lons[-1]

    @property
    def distance_m(self) -> int:
        """Metres from positions: the sum of the pairs."""
        return sum(self.pair_m)

    @property
    def odometer_distance_m(self) -> int | None:
        """Metres by the terminal's odometer; None if unknown or if it ran backwards."""
        if self.odometer_start_m is None or self.odometer_end_m is None:
            return None
        driven = self.odometer_end_m - self.odometer_start_m
        return driven if driven >= 0 else None


@dataclass(frozen=True, slots=True)
class Stop:
    """A rest found in a track, at the middle of its first positions; open while not ended."""

    started_at_s: int
    lat: float
    lon: float
    ended_at_s: int | None = None


@dataclass(frozen=True, slots=True)
class TripStarted:
    started_at_s: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class TripEnded:
    trip: Trip


@dataclass(frozen=True, slots=True)
class StopStarted:
    stop: Stop


@dataclass(frozen=True, slots=True)
class StopEnded:
    stop: Stop


TripEvent = TripStarted | TripEnded | StopStarted | StopEnded
