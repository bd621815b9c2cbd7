"""The pool while it runs: where vehicles are, what they are bound to, and what was driven.

A vehicle is on one run at most, and bound to one more at most. Until it leaves for it, a run may
be taken from it again; after that never: nobody who drives is sent elsewhere.
"""

from dataclasses import replace

import numpy as np

from dispatch.matching.problem import Bools, Floats, Ints
from dispatch.simulation.weeks.duty import Duty
from dispatch.simulation.weeks.model import Demand, Fleet, House, Network
from dispatch.simulation.weeks.runs import Leg, Run, Stop, Timed

NOBODY = -1
NEVER = np.inf


class Pool:
    """State of a simulation at `now_s`.

    on, bound: by vehicle, the run that it is on and the one that it is bound to
    told_s: (R,) no later than this was told; inf before anything was
    picked_s, dropped_s, vehicle: (R,) what came of a request; NaN and NOBODY before
    duty: on orders, by driver; legs: all that was driven
    shared: who rode with others; changes: how often a request got another vehicle
    """

    def __init__(self, network: Network, fleet: Fleet, demand: Demand, house: House) -> None:
        """Everybody stands at the base."""
        vehicles, requests = len(fleet.base), len(demand)
        self.network, self.fleet, self.demand, self.house = network, fleet, demand, house
        self.now_s = 0.0
        self.on: dict[int, Run] = {}
        self.bound: dict[int, Run] = {}
        self.server: dict[int, int] = {}
        self.told_s = np.full(requests, np.inf)
        self.picked_s, self.dropped_s = np.full(requests, np.nan), np.full(requests, np.nan)
        self.vehicle = np.full(requests, NOBODY, dtype=np.int64)
        self.duty = Duty(vehicles)
        self.legs: list[Leg] = []
        self.changes = 0
        self.shared: set[int] = set()
        # The vehicle stands at, or drives home from, `place`; (metres, seconds) of that way.
        self.place = fleet.base.copy()
        self.since_s = np.zeros(vehicles)
        self.ends_s = np.full(vehicles, -np.inf)
        self.planned_s = np.full(vehicles, -np.inf)

    @property
    def free(self) -> Ints:
        """Vehicles that are on no run and bound to none; they may be on their way home."""
        return np.array(
            [v for v in range(len(self.place)) if v not in self.on and v not in self.bound],
            dtype=np.int64,
        )

    def homewards(self, vehicles: Ints, at_s: float) -> Floats:
        """(V,) shares of the way home that these vehicles will have driven by then, if let go."""
        way_s = self.network.seconds[self.place[vehicles], self.fleet.base[vehicles]]
        gone: Floats = np.clip((at_s - self.since_s[vehicles]) / np.maximum(way_s, 1e-9), 0, 1)
        return np.where(way_s > 0, gone, 1.0)

    def may_work(self, vehicles: Ints, at_s: float, for_s: Floats | float) -> Bools:
        """(V,) whose drivers may be on orders for so much longer; a fresh one always may."""
        return self.duty.may_work(vehicles, at_s, for_s, self.house)

    def bind(self, run: Run) -> None:
        """Bind a vehicle to a run; what it was bound to before is forgotten."""
        self.unbind(run.vehicle)
        self.bound[run.vehicle] = run
        for request in run.requests:
            self.server[request] = run.vehicle

    def unbind(self, vehicle: int) -> None:
        """Take from a vehicle what it has not left for."""
        run = self.bound.pop(vehicle, None)
        for request in run.requests if run else ():
            self.server.pop(request, None)

    def leave(self, vehicle: int) -> None:
        """Let a vehicle leave for the run that it is bound to: from here on it is settled."""
        run = self.bound.pop(vehicle)
        for request in run.requests:
            self.server.pop(request)
        if len(run.requests) > 1:
            self.shared.update(run.requests)
        self._go_home(vehicle, run.leaves_s)
        longer_s = self._drive(run)
        self.on[vehicle] = run
        self.planned_s[vehicle] = run.ends_s + self.spread_s(run)
        self.ends_s[vehicle] = run.ends_s + longer_s
        self.duty.count(vehicle, run.leaves_s, run.ends_s + longer_s - run.leaves_s)

    def end(self, vehicle: int) -> None:
        """Let a vehicle be free at the end of its run, and go home."""
        run = self.on.pop(vehicle)
        last = run.stops[-1].request
        demand = self.demand
        self.place[vehicle] = demand.origin[last] if demand.back[last] else demand.destination[last]
        self.since_s[vehicle] = self.ends_s[vehicle]

    def spread_s(self, run: Run) -> float:
        """What is allowed for stays that turn out longer: whoever is bound next counts on it."""
        requests = np.array(run.requests, dtype=np.int64)
        stays_s = self.demand.stay_s[requests][self.demand.back[requests]]
        return self.house.over_share * float(stays_s.sum())

    def close(self) -> None:
        """Let everybody come home."""
        for vehicle in range(len(self.place)):
            self._go_home(vehicle, NEVER)

    def _go_home(self, vehicle: int, until_s: float) -> None:
        """Write down what was driven homewards before the vehicle leaves again."""
        place, base = self.place[vehicle], self.fleet.base[vehicle]
        way_s = float(self.network.seconds[place, base])
        came_s = min(until_s, self.since_s[vehicle] + way_s)
        share = float(self.homewards(np.array([vehicle]), came_s)[0])
        metres = share * float(self.network.metres[place, base])
        if metres > 0:
            self.legs.append(Leg(vehicle, float(self.since_s[vehicle]), came_s, metres, 0))

    def _drive(self, run: Run) -> float:
        """Write down a run stop by stop; return how much longer than planned it takes."""
        longer_s, aboard = 0.0, 0
        for at in timed(self, run.vehicle, run.stops, run.leaves_s):
            if at.metres > 0:
                self.legs.append(Leg(run.vehicle, at.left_s, at.came_s, at.metres, aboard))
            request = at.stop.request
            if at.stop.gets_in:
                aboard += 1
                self.picked_s[request], self.vehicle[request] = at.begins_s, run.vehicle
                continue
            if self.demand.back[request]:
                longer_s = float(self.demand.over_s[request])
                back_m = float(
                    self.network.metres[
                        self.demand.destination[request], self.demand.origin[request]
                    ]
                )
                left_s = at.came_s + float(self.demand.stay_s[request]) + longer_s
                came_s = at.ends_s + longer_s
                if back_m > 0:
                    self.legs.append(Leg(run.vehicle, left_s, came_s, back_m, aboard))
            self.dropped_s[request] = at.ends_s + longer_s
            aboard -= 1
        return longer_s


def timed(pool: Pool, vehicle: int, stops: tuple[Stop, ...], leaves_s: float) -> list[Timed]:
    """Return when the stops of a run are served, as planned, by a vehicle that leaves then.

    Only requests that ride alone are brought back.
    """
    demand, network = pool.demand, pool.network
    told: list[Timed] = []
    at_s, place = leaves_s, NOBODY
    for stop in stops:
        r = stop.request
        there = int(demand.origin[r] if stop.gets_in else demand.destination[r])
        if place == NOBODY:
            way_s, way_m = way_to(pool, vehicle, there, leaves_s)
        else:
            way_s, way_m = float(network.seconds[place, there]), float(network.metres[place, there])
        came_s = at_s + way_s
        begins_s = max(came_s, float(demand.start_s[r])) if stop.gets_in else came_s
        ends_s = begins_s + pool.house.board_s if stop.gets_in else came_s
        place = there
        if not stop.gets_in and demand.back[r]:
            place = int(demand.origin[r])
            ends_s += float(demand.stay_s[r]) + float(network.seconds[there, place])
        told.append(Timed(stop, at_s, came_s, begins_s, ends_s, way_m))
        at_s = ends_s
    return told


def way_to(pool: Pool, vehicle: int, place: int, leaves_s: float) -> tuple[float, float]:
    """Return seconds and metres of a vehicle's way to a place, when it leaves then.

    From the end of its run, or from its way home: there it counts as far as the two ends of that
    way, in the shares of what is driven, which is never too near.
    """
    network, run = pool.network, pool.on.get(vehicle)
    if run is not None:
        last = run.stops[-1].request
        here = int(
            (pool.demand.origin if pool.demand.back[last] else pool.demand.destination)[last]
        )
        return float(network.seconds[here, place]), float(network.metres[here, place])
    share = float(pool.homewards(np.array([vehicle]), leaves_s)[0])
    here, base = pool.place[vehicle], pool.fleet.base[vehicle]

    def between(table: Floats) -> float:
        return float((1 - share) * table[here, place] + share * table[base, place])

    return between(network.seconds), between(network.metres)


def planned(pool: Pool, vehicle: int, stops: tuple[Stop, ...]) -> Run:
    """Return the run of a vehicle with these stops, leaving as late as its first start allows."""
    house, first = pool.house, stops[0].request
    ready_s = pool.now_s + house.prepare_s
    if vehicle in pool.on:
        ready_s = max(pool.now_s, pool.planned_s[vehicle]) + house.turnaround_s
    origin, leaves_s = int(pool.demand.origin[first]), ready_s
    for _ in range(2):  # who leaves later leaves from farther on the way home
        way_s, _ = way_to(pool, vehicle, origin, leaves_s)
        leaves_s = max(ready_s, float(pool.demand.start_s[first]) - way_s)
    told = timed(pool, vehicle, stops, leaves_s)
    picked_s = {one.stop.request: one.begins_s for one in told if one.stop.gets_in}
    return Run(vehicle, stops, leaves_s, told[-1].ends_s, picked_s)


def alone(request: int) -> tuple[Stop, ...]:
    """Return the stops of a request that rides alone."""
    return (Stop(request, True), Stop(request, False))


def leaving_now(pool: Pool, run: Run) -> Run:
    """Return a run as it is when its vehicle leaves for it now."""
    told = timed(pool, run.vehicle, run.stops, pool.now_s)
    picked_s = {one.stop.request: one.begins_s for one in told if one.stop.gets_in}
    return replace(run, leaves_s=pool.now_s, ends_s=told[-1].ends_s, picked_s=picked_s)
