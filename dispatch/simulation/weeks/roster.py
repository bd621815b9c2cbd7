"""A vehicle for each promise: the proof that all can be kept, and nobody's plate yet.

Ways, turnarounds, seats and drivers' hours are reckoned for each vehicle by itself, so that what is
promised together fits together. What happens otherwise than planned moves promises to others.
"""

from dataclasses import dataclass

import numpy as np

from dispatch.simulation.weeks.model import DAY_S, WEEK_S
from dispatch.simulation.weeks.pool import NOBODY, Pool
from dispatch.simulation.weeks.reach import end_of, last_place, lasts_s
from dispatch.simulation.weeks.runs import Run

MOST_TRIED = 30
"""How many vehicles are tried to make room in, the nearest first."""


@dataclass(frozen=True, slots=True)
class Care:
    """How carefully is reckoned.

    late_s: how long after its start a promise may be picked up; spare: how many times the time that
    is allowed for longer stays counts in drivers' hours
    """

    late_s: float
    spare: float


NEW = Care(60.0, 1.0)
"""For a promise. Who leaves later leaves from farther on the way home, a little longer perhaps."""
BESIDE = Care(60.0, 2.0)
"""For a ride at once: hours that are over can't be made up again, lateness may."""


@dataclass(frozen=True, slots=True)
class _Ride:
    """A promise as the roster reckons with it; longer_s: what is allowed for a longer stay."""

    origin: int
    last: int
    start_s: float
    lasts_s: float
    longer_s: float
    vehicles: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Free:
    """Where a vehicle is with nothing to do since an instant, and when it may leave again."""

    place: int
    since_s: float
    ready_s: float


class Roster:
    """Vehicles of promises; moved: promises whose vehicle has changed since somebody looked."""

    def __init__(self, pool: Pool) -> None:
        """Nothing is promised at first."""
        self._pool = pool
        self._rides: dict[int, _Ride] = {}
        self._plans: dict[int, list[int]] = {}
        self._vehicle: dict[int, int] = {}
        self.moved: set[int] = set()
        self._bound = Care(pool.house.in_time_s / 2, 1.0)
        self._enough = Care(pool.house.in_time_s, 1.0)

    def __contains__(self, request: int) -> bool:
        return request in self._vehicle

    def add(self, request: int) -> bool:
        """Take up a promise where all can be kept; whether it is taken up."""
        return self._place(request) or self._squeeze(request)

    def drop(self, request: int) -> None:
        """Reckon no more with a promise: it is bound, or over."""
        vehicle = self._vehicle.pop(request, None)
        if vehicle is not None:
            self._plans[vehicle].remove(request)
        self.moved.discard(request)

    def allows(self, run: Run) -> bool:
        """Whether the vehicle of a run can keep all its promises beside it."""
        was_promised = any(one in self for one in run.requests)
        care = self._bound if was_promised else BESIDE
        plan = [one for one in self._plans.get(run.vehicle, ()) if one not in run.requests]
        return self._leaves_s(run.vehicle, plan, run, care) is not None

    def make_room(self, run: Run) -> bool:
        """Move what the vehicle of a run couldn't keep to others; whether all found a place."""
        plan = [one for one in self._plans.get(run.vehicle, ()) if one not in run.requests]
        return self._move(run.vehicle, [], plan, run, BESIDE)

    def mend(self, vehicle: int) -> None:
        """Move what a vehicle can't keep any more to others, as far as they can."""
        plan = self._plans.get(vehicle)
        if not plan or self._leaves_s(vehicle, plan, None, self._enough) is not None:
            return
        for request in self._too_many(vehicle, [], plan, None, self._enough):
            self.drop(request)
            if not (self._place(request, but=vehicle) or self._squeeze(request, but=vehicle)):
                self._put(request, vehicle)

    def leaves_s(self, request: int) -> float:
        """When the vehicle of a promise leaves for it; inf where it can't be kept any more."""
        vehicle = self._vehicle[request]
        plan = self._plans[vehicle]
        told = self._leaves_s(vehicle, plan, None, self._enough)
        return np.inf if told is None else told[plan.index(request)]

    def _place(self, request: int, but: int = NOBODY) -> bool:
        for vehicle in self._ride(request).vehicles:
            if vehicle != but and self._takes(vehicle, request):
                self._put(request, vehicle)
                return True
        return False

    def _takes(self, vehicle: int, request: int) -> bool:
        plan = self._by_start([*self._plans.get(vehicle, ()), request])
        return self._leaves_s(vehicle, plan) is not None

    def _squeeze(self, request: int, but: int = NOBODY) -> bool:
        """Give a promise the place of others that find one elsewhere."""
        for vehicle in self._ride(request).vehicles[:MOST_TRIED]:
            plan = self._plans.get(vehicle, [])
            if vehicle != but and self._move(vehicle, [request], plan, None, NEW):
                self._put(request, vehicle)
                return True
        return False

    def _move(
        self, vehicle: int, first: list[int], plan: list[int], run: Run | None, care: Care
    ) -> bool:
        """Move what doesn't fit beside a run and what comes first; all or nothing."""
        if self._leaves_s(vehicle, first, run, care) is None:
            return False
        moved = self._too_many(vehicle, first, plan, run, care)
        for request in moved:
            self.drop(request)
        for request in moved:
            if not self._place(request, but=vehicle):
                for one in moved:
                    self.drop(one)
                    self._put(one, vehicle)
                return False
        return True

    def _too_many(
        self, vehicle: int, first: list[int], plan: list[int], run: Run | None, care: Care
    ) -> list[int]:
        kept, over = list(first), []
        for request in plan:
            more = self._by_start([*kept, request])
            if self._leaves_s(vehicle, more, run, care) is None:
                over.append(request)
            else:
                kept = more
        return over

    def _put(self, request: int, vehicle: int) -> None:
        self._vehicle[request] = vehicle
        self._plans[vehicle] = self._by_start([*self._plans.get(vehicle, ()), request])
        self.moved.add(request)

    def _by_start(self, requests: list[int]) -> list[int]:
        return sorted(requests, key=lambda one: (self._ride(one).start_s, one))

    def _ride(self, request: int) -> _Ride:
        known = self._rides.get(request)
        if known is None:
            known = self._rides[request] = self._asked(request)
        return known

    def _asked(self, request: int) -> _Ride:
        pool, demand = self._pool, self._pool.demand
        origin, seats = int(demand.origin[request]), pool.fleet.seats
        longer_s = pool.house.over_share * float(demand.stay_s[request] * demand.back[request])
        able = np.flatnonzero(seats >= demand.passengers[request])
        nearest = np.lexsort((pool.network.seconds[pool.fleet.base[able], origin], seats[able]))
        return _Ride(
            origin, last_place(pool, request), float(demand.start_s[request]),
            lasts_s(pool, request), longer_s, tuple(able[nearest].tolist()),
        )  # fmt: skip

    def _leaves_s(
        self, vehicle: int, plan: list[int], run: Run | None = None, care: Care = NEW
    ) -> list[float] | None:
        """When a vehicle leaves for each of a plan, after a run; None where one would be broken."""
        if not plan:
            return []
        pool, told = self._pool, []
        run = run or pool.bound.get(vehicle)
        free, hours = _free(pool, vehicle, run), _Hours(pool, vehicle)
        if run is not None:
            over_s = (care.spare - 1) * pool.spread_s(run)
            hours.count(run.leaves_s, free.since_s - run.leaves_s + over_s)
        for request in plan:
            ride = self._ride(request)
            leaves_s, arrives_s = self._way(vehicle, free, ride)
            if arrives_s > ride.start_s + care.late_s:
                return None
            ends_s = max(arrives_s, ride.start_s) + ride.lasts_s + ride.longer_s
            takes_s = ends_s - leaves_s - ride.longer_s
            if not hours.allow(leaves_s, takes_s):
                return None
            hours.count(leaves_s, takes_s + care.spare * ride.longer_s)
            told.append(leaves_s)
            free = _Free(ride.last, ends_s, ends_s + pool.house.turnaround_s)
        return told

    def _way(self, vehicle: int, free: _Free, ride: _Ride) -> tuple[float, float]:
        """When a free vehicle leaves for a ride, as late as it may, and when it is there."""
        seconds, base = self._pool.network.seconds, int(self._pool.fleet.base[vehicle])
        home_s = float(seconds[free.place, base])
        there_s, from_base_s = (
            float(seconds[free.place, ride.origin]),
            float(seconds[base, ride.origin]),
        )
        leaves_s = free.ready_s
        for last in (False, False, True):  # who leaves later leaves from farther on the way home
            gone = min(1.0, max(0.0, (leaves_s - free.since_s) / home_s)) if home_s > 0 else 1.0
            way_s = (1 - gone) * there_s + gone * from_base_s
            if not last:
                leaves_s = max(free.ready_s, ride.start_s - way_s)
        return leaves_s, leaves_s + way_s


def _free(pool: Pool, vehicle: int, run: Run | None) -> _Free:
    """When and where a vehicle is free, after a run that it isn't on yet."""
    if run is not None:
        ends_s = run.ends_s + pool.spread_s(run)
        return _Free(
            last_place(pool, run.stops[-1].request), ends_s, ends_s + pool.house.turnaround_s
        )
    if vehicle in pool.on:
        ends_s = max(pool.now_s, float(pool.planned_s[vehicle]))
        return _Free(end_of(pool, vehicle), ends_s, ends_s + pool.house.turnaround_s)
    ready_s = pool.now_s + pool.house.prepare_s
    return _Free(int(pool.place[vehicle]), float(pool.since_s[vehicle]), ready_s)


class _Hours:
    """A driver's seconds on orders by day and week, with what a plan adds."""

    def __init__(self, pool: Pool, driver: int) -> None:
        self._duty, self._house, self._driver = pool.duty, pool.house, driver
        self._more_s: dict[tuple[int, int], float] = {}

    def allow(self, at_s: float, for_s: float) -> bool:
        """Whether so much more may begin then; a fresh driver always may."""
        day_s, week_s = self._duty.seconds(self._driver, at_s)
        day_s += self._more_s.get((DAY_S, int(at_s // DAY_S)), 0.0)
        week_s += self._more_s.get((WEEK_S, int(at_s // WEEK_S)), 0.0)
        return (day_s == 0 or day_s + for_s <= self._house.day_s) and (
            week_s == 0 or week_s + for_s <= self._house.week_s
        )

    def count(self, at_s: float, for_s: float) -> None:
        for length_s in (DAY_S, WEEK_S):
            key = length_s, int(at_s // length_s)
            self._more_s[key] = self._more_s.get(key, 0.0) + for_s
