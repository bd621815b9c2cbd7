"""How a vehicle drives a route and what its terminal sees of it: pure, chance comes in.

A drive keeps to the speed of each leg, slows down for corners, and accelerates and brakes like a
calm driver. The terminal reports every few seconds on the way and every few minutes at rest; its
receiver errs by a few metres, its odometer doesn't.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians
from random import Random

import numpy as np

from dispatch.roads.network import LatLon
from dispatch.roads.plane import Floats
from dispatch.roads.route import Route
from tracking.geo import distance_m, distances_m

MOVING_EVERY_S = 10
PARKED_EVERY_S = 300
_METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Fix:
    """What a terminal reports: degrees WGS-84, whole seconds of UTC."""

    time: datetime
    latitude: float
    longitude: float
    speed_kmh: float
    course_deg: int
    odometer_m: int
    acc: bool


@dataclass(frozen=True, slots=True)
class Manner:
    """How calmly somebody drives, and how well the receiver knows where it is."""

    acceleration_m_s2: float = 1.2
    braking_m_s2: float = 1.6
    corner_kmh: float = 20.0
    corner_deg: float = 35.0
    speed_share: float = 0.9
    """Of the leg's own speed: nobody drives at the limit all the way."""
    noise_m: float = 2.5
    step_m: float = 12.0

    def __post_init__(self) -> None:
        if min(self.acceleration_m_s2, self.braking_m_s2, self.corner_kmh, self.step_m) <= 0:
            raise ValueError("accelerations, the corner's speed and the step must be positive")
        if not 0 < self.speed_share <= 1.2 or self.noise_m < 0:
            raise ValueError("speed_share must lie in (0, 1.2] and noise_m not below 0")


CALM = Manner()


@dataclass(frozen=True, slots=True)
class Drive:
    """A driven route: its reports in order of time, when it ends, and how far it led."""

    fixes: tuple[Fix, ...]
    ends_at: datetime
    distance_m: float
    end: LatLon
    odometer_m: int


@dataclass(frozen=True, slots=True)
class _Profile:
    """A path in steps, all of shape (n,): degrees, metres and seconds since the start, m/s."""

    lat: Floats
    lon: Floats
    way_m: Floats
    time_s: Floats
    speed_m_s: Floats
    course_deg: Floats


def drive(
    route: Route, start: datetime, odometer_m: int, random: Random, manner: Manner = CALM
) -> Drive:
    """Drive `route` from `start` on; the odometer counts on from `odometer_m`.

    A route without legs takes no time and has no reports.
    """
    start = start.replace(microsecond=0)
    profile = _profile(route, manner)
    if profile is None:
        return Drive((), start, 0.0, route.path[-1], odometer_m)
    length_m = float(profile.way_m[-1])
    lasts_s = int(np.ceil(profile.time_s[-1]))
    seconds = [*range(0, lasts_s, MOVING_EVERY_S), lasts_s]
    at = np.asarray(seconds, dtype=np.float64)
    columns = (profile.lat, profile.lon, profile.way_m, profile.speed_m_s)
    lat, lon, way_m, speed = (np.interp(at, profile.time_s, column) for column in columns)
    step = np.searchsorted(profile.time_s, at).clip(1, len(profile.time_s)) - 1
    courses = profile.course_deg[step]
    fixes = tuple(
        Fix(
            start + timedelta(seconds=second),
            *_blurred((float(lat[n]), float(lon[n])), random, manner.noise_m),
            round(float(speed[n]) * 3.6, 1),
            round(float(courses[n])) % 360,
            odometer_m + round(float(way_m[n])),
            acc=True,
        )
        for n, second in enumerate(seconds)
    )
    ends_at = start + timedelta(seconds=lasts_s)
    return Drive(fixes, ends_at, length_m, route.path[-1], odometer_m + round(length_m))


def park(
    place: LatLon,
    start: datetime,
    end: datetime,
    odometer_m: int,
    random: Random,
    manner: Manner = CALM,
    every_s: int = PARKED_EVERY_S,
) -> Iterator[Fix]:
    """Stand at a place in [start, end): a report every `every_s`, the first one at `start`."""
    time = start.replace(microsecond=0)
    while time < end:
        yield Fix(time, *_blurred(place, random, manner.noise_m), 0.0, 0, odometer_m, acc=False)
        time += timedelta(seconds=every_s)


def _profile(route: Route, manner: Manner) -> _Profile | None:
    lat, lon, limit_m_s = _steps(route, manner)
    if len(lat) < 2:
        return None
    step_m = distances_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
    course = _courses(lat, lon)
    speed = _speeds(step_m, limit_m_s, course, manner)
    step_s = 2 * step_m / np.maximum(speed[:-1] + speed[1:], 0.5)
    zero = np.zeros(1)
    return _Profile(
        lat,
        lon,
        np.concatenate([zero, step_m.cumsum()]),
        np.concatenate([zero, step_s.cumsum()]),
        speed,
        course,
    )


def _steps(route: Route, manner: Manner) -> tuple[Floats, Floats, Floats]:
    """The path in steps of at most `step_m`, none empty, and the speed allowed on each step."""
    lats, lons, limits = [route.start[0]], [route.start[1]], []
    for leg in route.legs:
        for point in leg.points:
            here = lats[-1], lons[-1]
            length_m = distance_m(*here, *point)
            if length_m < 0.05:
                continue
            count = max(1, round(length_m / manner.step_m + 0.5))
            lats += [here[0] + (point[0] - here[0]) * n / count for n in range(1, count + 1)]
            lons += [here[1] + (point[1] - here[1]) * n / count for n in range(1, count + 1)]
            limits += [leg.speed_kmh * manner.speed_share / 3.6] * count
    return np.array(lats), np.array(lons), np.array(limits)


def _courses(lat: Floats, lon: Floats) -> Floats:
    """The course of each step, and of the last point that of the last step."""
    east = np.diff(lon) * np.cos(np.radians(lat[:-1]))
    course = np.degrees(np.arctan2(east, np.diff(lat))) % 360.0
    return np.append(course, course[-1])


def _speeds(step_m: Floats, limit_m_s: Floats, course: Floats, manner: Manner) -> Floats:
    """The speed at each point: from rest to rest, within limits, corners and accelerations."""
    allowed = np.empty(len(step_m) + 1)
    allowed[0] = allowed[-1] = 0.0
    allowed[1:-1] = np.minimum(limit_m_s[:-1], limit_m_s[1:])
    turn = np.abs((np.diff(course) + 180.0) % 360.0 - 180.0)[:-1]
    corner = manner.corner_kmh / 3.6
    allowed[1:-1] = np.where(
        turn > manner.corner_deg, np.minimum(allowed[1:-1], corner), allowed[1:-1]
    )
    speed: list[float] = allowed.tolist()
    for n, metres in enumerate(step_m.tolist()):
        gained = 2 * manner.acceleration_m_s2 * metres
        speed[n + 1] = min(speed[n + 1], float((speed[n] ** 2 + gained) ** 0.5))
    for n in range(len(step_m) - 1, -1, -1):
        gained = 2 * manner.braking_m_s2 * float(step_m[n])
        speed[n] = min(speed[n], float((speed[n + 1] ** 2 + gained) ** 0.5))
    return np.array(speed)


def _blurred(place: LatLon, random: Random, noise_m: float) -> LatLon:
    """The place as a receiver sees it, rounded to a terminal's millionths of a degree."""
    north = random.gauss(0.0, noise_m) / _METRES_PER_DEGREE
    east = random.gauss(0.0, noise_m) / (_METRES_PER_DEGREE * cos(radians(place[0])))
    return round(place[0] + north, 6), round(place[1] + east, 6)
