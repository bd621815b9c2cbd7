"""Drives a planned day: what the terminal saw, and what the driver would have tapped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from demo import cast
from demo.city import CityPlace
from demo.history.plan import DayPlan, Outing
from demo.simulator.driving import Fix, drive, park
from dispatch.roads.network import LatLon
from dispatch.roads.route import Route

Routing = Callable[[LatLon, LatLon], Route]

SETTLED = timedelta(minutes=15)
"""An order that ended less than this ago would still be on somebody's desk."""
_QUIET = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class DrivenOuting:
    """An outing with its times: `arrived_at` and `left_at` are those of its middle visit."""

    outing: Outing
    departed_at: datetime
    arrived_at: datetime
    left_at: datetime
    returned_at: datetime
    odometer_out_m: int
    odometer_in_m: int


@dataclass(frozen=True, slots=True)
class DrivenDay:
    """A vehicle's day as it was: every report in order of time, and where it ended."""

    plan: DayPlan
    fixes: tuple[Fix, ...]
    outings: tuple[DrivenOuting, ...]
    place: LatLon
    odometer_m: int


def drive_day(
    plan: DayPlan, since: datetime, now: datetime, route: Routing, seed: int = cast.CITY_SEED
) -> DrivenDay:
    """Drive a plan in [since, now); an outing that would not be settled by now is left out."""
    random = Random(f"{seed}:{plan.car.phone}:driven")
    wheel = _Wheel(_point(plan.begins_at), since, random.randrange(8_000_000, 90_000_000), random)
    driven: list[DrivenOuting] = []
    for outing in plan.outings:
        taken = wheel.copy()
        done = taken.take(outing, plan.base, route)
        if done is not None and done.returned_at <= now - SETTLED:
            driven.append(done)
            wheel = taken
    wheel.stand_until(now)
    return DrivenDay(plan, tuple(wheel.fixes), tuple(driven), wheel.place, wheel.odometer_m)


def _point(place: CityPlace) -> LatLon:
    return place.lat, place.lon


@dataclass(slots=True)
class _Wheel:
    """Where the vehicle is, since when, and all that its terminal has seen."""

    place: LatLon
    time: datetime
    odometer_m: int
    random: Random
    fixes: list[Fix] = field(default_factory=list)
    free_at: datetime | None = None

    def copy(self) -> _Wheel:
        """Return the same wheel with a future of its own."""
        random = Random()
        random.setstate(self.random.getstate())
        return _Wheel(
            self.place, self.time, self.odometer_m, random, list(self.fixes), self.free_at
        )

    def take(self, outing: Outing, base: CityPlace, route: Routing) -> DrivenOuting | None:
        """Drive an outing; None when it should have begun before the wheel's time."""
        leave_at = outing.leave_at
        if self.free_at is not None:
            leave_at = max(leave_at, self.free_at + outing.pause)
        if leave_at < self.time:
            return None
        self.stand_until(leave_at)
        departed_at, odometer_out_m = self.time, self.odometer_m
        spans: list[tuple[datetime, datetime]] = []
        for visit in outing.visits:
            self.go_to(_point(visit.place), route)
            arrived_at = self.time
            leave_at = arrived_at + visit.stay
            self.stand_until(max(leave_at, visit.until) if visit.until else leave_at)
            spans.append((arrived_at, self.time))
        self.go_to(_point(base), route)
        arrived_at, left_at = _middle(spans, departed_at)
        self.free_at = self.time
        return DrivenOuting(
            outing,
            departed_at,
            arrived_at,
            left_at,
            self.time,
            odometer_out_m,
            self.odometer_m,
        )

    def go_to(self, place: LatLon, route: Routing) -> None:
        """Drive to a place."""
        driven = drive(route(self.place, place), self.time, self.odometer_m, self.random)
        self.fixes += driven.fixes
        self.place, self.time, self.odometer_m = driven.end, driven.ends_at, driven.odometer_m

    def stand_until(self, end: datetime) -> None:
        """Stand until then; a report on arrival has been made."""
        quiet_until = self.time + (_QUIET if self.fixes else timedelta())
        self.fixes += park(self.place, quiet_until, end, self.odometer_m, self.random)
        self.time = max(self.time, end)


def _middle(
    spans: Sequence[tuple[datetime, datetime]], departed_at: datetime
) -> tuple[datetime, datetime]:
    """When the vehicle came to its destination and left it: the second visit, or the only one."""
    if not spans:
        return departed_at, departed_at
    return spans[1] if len(spans) > 1 else spans[0]
