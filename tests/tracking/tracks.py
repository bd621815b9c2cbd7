"""Tracks for tests: a pen that drives, rests, falls silent and errs, in metres around a place."""

import math
import random
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tracking.geo import MEAN_RADIUS_M
from tracking.trips.positions import PositionArrays

HOME = (45.75, 126.65)


def place(north_m: float, east_m: float) -> tuple[float, float]:
    """A place so many metres from HOME, rounded to a terminal's millionths of a degree."""
    lat = HOME[0] + math.degrees(north_m / MEAN_RADIUS_M)
    lon = HOME[1] + math.degrees(east_m / MEAN_RADIUS_M / math.cos(math.radians(HOME[0])))
    return round(lat, 6), round(lon, 6)


@dataclass
class Pen:
    """Writes a track; `every_s` between positions, noise of the receiver from a seeded source."""

    time_s: int = 1_750_000_000
    north_m: float = 0.0
    east_m: float = 0.0
    every_s: int = 10
    noise_m: float = 0.0
    speed_known: bool = True
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    rows: list[tuple[int, float, float, float, int]] = field(default_factory=list)
    driven_m: float = 0.0

    def mark(self, speed_kmh: float, off_north_m: float = 0.0, off_east_m: float = 0.0) -> None:
        lat, lon = place(
            self.north_m + off_north_m + self.chance.gauss(0, self.noise_m),
            self.east_m + off_east_m + self.chance.gauss(0, self.noise_m),
        )
        known = speed_kmh if self.speed_known else -1.0
        self.rows.append((self.time_s, lat, lon, known, round(self.driven_m)))
        self.time_s += self.every_s

    def rest(self, seconds: int, drift_m: float = 0.0) -> "Pen":
        for _ in range(max(1, seconds // self.every_s)):
            turn = self.chance.uniform(0, math.tau)
            off_m = self.chance.uniform(0, drift_m)
            self.mark(0.0, off_m * math.sin(turn), off_m * math.cos(turn))
        return self

    def drive(self, metres: float, kmh: float = 40.0, course_deg: float = 0.0) -> "Pen":
        step_m = kmh / 3.6 * self.every_s
        for _ in range(max(1, round(metres / step_m))):
            self.go(step_m, course_deg)
            self.mark(kmh)
        return self

    def go(self, metres: float, course_deg: float = 0.0) -> "Pen":
        """Move without a position."""
        self.north_m += metres * math.cos(math.radians(course_deg))
        self.east_m += metres * math.sin(math.radians(course_deg))
        self.driven_m += metres
        return self

    def silence(self, seconds: int) -> "Pen":
        self.time_s += seconds
        return self

    def spike(self, metres: float, positions: int = 1) -> "Pen":
        for _ in range(positions):
            self.mark(0.0, off_east_m=metres)
        return self

    def arrays(self) -> PositionArrays:
        time_s, lat, lon, speed, odometer = zip(*self.rows, strict=True)
        return PositionArrays.of(time_s, lat, lon, speed_kmh=speed, odometer_m=odometer)


ACTS = st.one_of(
    st.tuples(st.just("rest"), st.integers(10, 900), st.sampled_from([0, 15, 45, 80])),
    st.tuples(st.just("drive"), st.integers(5, 3000), st.sampled_from([3, 9, 15, 60, 110])),
    st.tuples(st.just("silence"), st.integers(0, 4000), st.sampled_from([0, 30, 300, 5000])),
    st.tuples(st.just("spike"), st.integers(1, 9), st.sampled_from([100, 600, 4000, 90_000])),
    st.tuples(st.just("pace"), st.just(0), st.sampled_from([1, 5, 10, 30, 60])),
    st.tuples(st.just("twin"), st.just(0), st.sampled_from([0, 30, 300])),
)


@st.composite
def tracks(draw: st.DrawFn) -> PositionArrays:
    """A few acts of a vehicle: rest with drift, drives, silences with movement, spikes."""
    pen = Pen(
        every_s=draw(st.sampled_from([1, 10, 30])),
        noise_m=draw(st.sampled_from([0.0, 3.0, 12.0])),
        speed_known=draw(st.booleans()),
        chance=random.Random(draw(st.integers(0, 99))),
    )
    for act, amount, kind in draw(st.lists(ACTS, min_size=1, max_size=9)):
        course_deg = pen.chance.uniform(0, 360)
        if act == "rest":
            pen.rest(amount, kind)
        elif act == "drive":
            pen.drive(amount, kind, course_deg)
        elif act == "silence":
            pen.silence(amount).go(kind, course_deg)
        elif act == "spike":
            pen.spike(kind, amount)
        elif act == "twin" and pen.rows:
            pen.time_s = pen.rows[-1][0]
            pen.mark(0.0, off_north_m=kind)
        elif act == "pace":
            pen.every_s = kind
    pen.mark(0.0)
    return pen.arrays()
