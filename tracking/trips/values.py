"""What the trip machine gives: trips, stops, and the events that tell of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trip:
    """A movement from rest to rest, with n points and n - 1 pairs of consecutive points.

    Point i lies `offsets_s[i]` after the start at (`lats[i]`, `lons[i]`); `pair_m[i]` are the
    metres counted from point i to point i + 1, rounded once, the remainder carried to the next
    pair, so that the sum is within a metre of the exact way; `gaps` are the pairs i that span a
    silence (straight metres) or an impossible jump (0 metres, because they are unknown).
    `odometer_m` is what the terminal's odometer says of the same way, None where it says nothing.
    """

    started_at_s: int
    offsets_s: tuple[int, ...]
    lats: tuple[float, ...]
    lons: tuple[float, ...]
    pair_m: tuple[int, ...]
    gaps: tuple[int, ...]
    max_speed_kmh: float | None
    odometer_m: int | None

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
