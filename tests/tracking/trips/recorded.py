"""Vehicles of many kinds as their terminals record them, with the truth beside: a small simulator.

Independent of the demo: streets are random walks of legs and bends around any place on earth, a
vehicle accelerates and brakes, a receiver errs with a memory (its error wanders, it doesn't
jump), and a terminal reports by a policy of its own. The truth is kept second by second.
"""

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from tracking.geo import MEAN_RADIUS_M
from tracking.trips.positions import PositionArrays

URUMQI, SANYA, HARBIN, LHASA = (
    (43.8256, 87.6168),
    (18.2528, 109.5120),
    (45.75, 126.65),
    (29.65, 91.1),
)
CITIES = (URUMQI, SANYA, HARBIN, LHASA)
_T0 = 1_760_000_000


@dataclass(frozen=True, slots=True)
class Second:
    """The truth of one second: metres north and east of the city's middle, speed, way so far."""

    time_s: int
    north_m: float
    east_m: float
    speed_kmh: float
    driven_m: float
    covered: bool = False
    """Under a roof: the receiver has no fix, and a terminal says nothing or has no position."""


@dataclass
class Journey:
    """A day of a vehicle, written second by second; `trips` are the drives that are trips."""

    seed: int
    middle: tuple[float, float] = HARBIN
    acceleration: float = 1.2
    seconds: list[Second] = field(default_factory=list)
    trips: list[tuple[int, int, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.time_s, self.north_m, self.east_m, self.driven_m = _T0, 0.0, 0.0, 0.0
        self.course_deg = self.chance.uniform(0, 360)

    def _second(self, speed_m_s: float, *, covered: bool = False) -> None:
        self.time_s += 1
        self.driven_m += speed_m_s
        course = math.radians(self.course_deg)
        self.north_m += speed_m_s * math.cos(course)
        self.east_m += speed_m_s * math.sin(course)
        self.seconds.append(
            Second(self.time_s, self.north_m, self.east_m, speed_m_s * 3.6, self.driven_m, covered)
        )

    def rest(self, seconds: int, *, covered: bool = False) -> "Journey":
        for _ in range(seconds):
            self._second(0.0, covered=covered)
        return self

    def leg(
        self, metres: float, kmh: float, *, covered: bool = False, bend: float | None = None
    ) -> "Journey":
        """From rest to rest along a street with a gentle bend, degrees for five metres."""
        top, speed, left = kmh / 3.6, 0.0, metres
        bend = self.chance.uniform(-0.15, 0.15) if bend is None else bend
        while left > 0.05:
            brake = math.sqrt(2 * self.acceleration * left)
            speed = min(top, speed + self.acceleration, max(0.3, brake), left)
            self.course_deg += bend * speed / 5
            self._second(speed, covered=covered)
            left -= speed
        return self

    def turn(self) -> "Journey":
        self.course_deg += self.chance.choice((-90, -90, 0, 0, 0, 90, 90))
        return self

    def drive(
        self, legs: int, metres: float, kmh: float, wait: Callable[[random.Random], int]
    ) -> "Journey":
        """One trip: legs with a turn and a wait after each but the last."""
        began_s, began_m = self.time_s, self.driven_m
        for n in range(legs):
            self.leg(metres * self.chance.uniform(0.6, 1.4), kmh * self.chance.uniform(0.8, 1.2))
            if n < legs - 1:
                self.rest(wait(self.chance)).turn()
        self.trips.append((began_s, self.time_s, self.driven_m - began_m))
        return self


def at_lights(chance: random.Random) -> int:
    """Seconds at a light: often none."""
    return chance.choice((0, 0, 15, 40, 75))


@dataclass(frozen=True, slots=True)
class Report:
    """What a terminal sends of a second."""

    time_s: int
    lat: float
    lon: float
    speed_kmh: float
    odometer_m: int


@dataclass(frozen=True)
class Receiver:
    """A receiver whose error wanders: `error_m` its size, `memory_s` how long it lasts."""

    error_m: float = 3.0
    memory_s: float = 40.0
    parked_error_m: float | None = None

    def errors(self, journey: Journey) -> Iterator[tuple[float, float]]:
        chance = random.Random(journey.seed * 7 + 1)
        keep = math.exp(-1 / self.memory_s)
        fresh = math.sqrt(1 - keep * keep)
        north = east = 0.0
        for second in journey.seconds:
            parked = second.speed_kmh == 0 and self.parked_error_m is not None
            size = self.parked_error_m if parked and self.parked_error_m else self.error_m
            north = keep * north + fresh * chance.gauss(0, size)
            east = keep * east + fresh * chance.gauss(0, size)
            yield north, east


Policy = Callable[[Second, int], bool]
"""Whether a terminal reports a second, by how long ago it last did."""


def every(moving_s: int, parked_s: int | None = None) -> Policy:
    """Report at two paces; `parked_s` None: only while it moves."""

    def due(second: Second, since_s: int) -> bool:
        if second.speed_kmh > 3:
            return since_s >= moving_s
        return parked_s is not None and since_s >= parked_s

    return due


def recorded(
    journey: Journey,
    policy: Policy,
    receiver: Receiver | None = None,
    change: Callable[[Report], Report] = lambda report: report,
) -> list[Report]:
    """What the terminal sent, in order; nothing under a roof."""
    reports: list[Report] = []
    last_s = -(10**9)
    chance = random.Random(journey.seed * 13 + 5)
    for second, (north, east) in zip(
        journey.seconds, (receiver or Receiver()).errors(journey), strict=True
    ):
        if second.covered or not policy(second, second.time_s - last_s):
            continue
        last_s = second.time_s
        lat, lon = place(journey.middle, second.north_m + north, second.east_m + east)
        told_kmh = max(0.0, second.speed_kmh + chance.gauss(0, 0.4)) if second.speed_kmh else 0.0
        reports.append(
            change(Report(second.time_s, lat, lon, round(told_kmh, 1), round(second.driven_m)))
        )
    return reports


def place(middle: tuple[float, float], north_m: float, east_m: float) -> tuple[float, float]:
    """A place so many metres from another, in a terminal's millionths of a degree."""
    lat = middle[0] + math.degrees(north_m / MEAN_RADIUS_M)
    lon = middle[1] + math.degrees(east_m / MEAN_RADIUS_M / math.cos(math.radians(middle[0])))
    return round(lat, 6), round(lon, 6)


def moved(report: Report, north_m: float, east_m: float) -> Report:
    """The same report from so many metres off."""
    lat, lon = place((report.lat, report.lon), north_m, east_m)
    return replace(report, lat=lat, lon=lon)


def arrays(reports: list[Report], *, acc: bool = True) -> PositionArrays:
    """The reports by time; those of one second in an order that says nothing, as digests are."""
    numbers = count()
    chance = random.Random(len(reports))
    keyed = sorted((r.time_s, chance.getrandbits(62), next(numbers), r) for r in reports)
    return PositionArrays.of(
        [r.time_s for *_, r in keyed],
        [r.lat for *_, r in keyed],
        [r.lon for *_, r in keyed],
        digest=[digest for _, digest, _, _ in keyed],
        speed_kmh=[r.speed_kmh for *_, r in keyed],
        acc=[acc] * len(keyed),
        odometer_m=[r.odometer_m for *_, r in keyed],
    )
