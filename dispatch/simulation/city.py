"""The city while it runs: which vehicle does what, and what has been told to whom."""

from heapq import heappop, heappush

import numpy as np

from dispatch.matching.problem import Floats, Ints
from dispatch.simulation.scenario import Day, Ways

NOBODY = -1


class City:
    """State of a simulation; vehicles and requests are known by their places in the day.

    waiting: requests without a vehicle, in the order of asking
    riding: (V,) which vehicles have passengers
    serving: (V,) the request to which a vehicle drives or that it drives, NOBODY while it is free
    told_s: (R,) when the passenger was told to expect the vehicle; inf before anything was told
    picked_s: (R,) when the vehicle was there; NaN before
    improved_s: when promised rides were last looked through
    empty_m: driven without passengers; changes: how often a request got another vehicle
    """

    def __init__(self, day: Day, ways: Ways) -> None:
        vehicles, requests = len(day.vehicles), len(day.asked_s)
        self.day, self.ways, self.now_s = day, ways, 0.0
        self.waiting: list[int] = []
        self.riding = np.zeros(vehicles, dtype=np.bool_)
        self.serving = np.full(vehicles, NOBODY, dtype=np.int64)
        self.told_s, self.picked_s = np.full(requests, np.inf), np.full(requests, np.nan)
        self.empty_m, self.changes, self.improved_s = 0.0, 0, -np.inf
        self._from = day.vehicles.copy()
        self._left_s, self._there_s = np.zeros(vehicles), np.zeros(vehicles)
        self._asked = 0
        self._ends: list[tuple[float, int, int]] = []
        self._turn = np.zeros(vehicles, dtype=np.int64)

    @property
    def free(self) -> Ints:
        """Vehicles without a request."""
        return np.flatnonzero(self.serving == NOBODY)

    @property
    def approaching(self) -> Ints:
        """Vehicles on the way to their passengers."""
        return np.flatnonzero((self.serving != NOBODY) & ~self.riding)

    def next_s(self) -> float:
        """Return when something happens next by itself; inf when nothing does any more."""
        asked_s = self.day.asked_s
        next_asked = asked_s[self._asked] if self._asked < len(asked_s) else np.inf
        return min(float(next_asked), self._ends[0][0] if self._ends else np.inf)

    def go_on(self, until_s: float) -> None:
        """Let everything happen that happens until then, by itself."""
        while self.next_s() <= until_s:
            if self._ends and self._ends[0][0] <= self.next_s():
                self._end(*heappop(self._ends))
            else:
                self.waiting.append(self._asked)
                self._asked += 1
        self.now_s = until_s

    def arrivals_s(self, vehicles: Ints, requests: Ints) -> Floats:
        """(V, R) seconds from now until these vehicles could be there."""
        return self.ways.seconds(self._places(vehicles), self.day.origins[requests])

    def due_s(self, requests: Ints) -> Floats:
        """When the vehicles on the way to these requests will be there."""
        at = {int(self.serving[v]): v for v in self.approaching.tolist()}
        return self._there_s[[at[request] for request in requests.tolist()]]

    def send(self, vehicle: int, request: int) -> None:
        """Send a free vehicle to a request that waits."""
        self.waiting.remove(request)
        self._set_out(vehicle, request)

    def exchange(self, changes: dict[int, int]) -> None:
        """Send vehicles to other requests than now, by request; who lost theirs becomes free."""
        turned = [v for v in self.approaching.tolist() if int(self.serving[v]) in changes]
        for vehicle in turned:
            self._stop(vehicle)
        for request, vehicle in changes.items():
            self._set_out(vehicle, request)
        self.changes += len(changes)

    def _set_out(self, vehicle: int, request: int) -> None:
        here = self._places(np.array([vehicle]))
        there = self.day.origins[request : request + 1]
        self._from[vehicle], self._left_s[vehicle] = here[0], self.now_s
        self._there_s[vehicle] = self.now_s + self.ways.seconds(here, there)[0, 0]
        self.serving[vehicle] = request
        self._later(vehicle, float(self._there_s[vehicle]))

    def _stop(self, vehicle: int) -> None:
        here = self._places(np.array([vehicle]))[0]
        self.empty_m += self.ways.metres(self._from[vehicle], here)
        self._from[vehicle] = here
        self.serving[vehicle] = NOBODY
        self._turn[vehicle] += 1

    def _later(self, vehicle: int, when_s: float) -> None:
        self._turn[vehicle] += 1
        heappush(self._ends, (when_s, vehicle, int(self._turn[vehicle])))

    def _end(self, when_s: float, vehicle: int, turn: int) -> None:
        """A vehicle is with its passengers, or free; unless it was sent elsewhere meanwhile."""
        if turn != self._turn[vehicle]:
            return
        request = int(self.serving[vehicle])
        if self.riding[vehicle]:
            self.riding[vehicle], self.serving[vehicle] = False, NOBODY
            self._from[vehicle] = self.day.destinations[request]
            return
        self.picked_s[request], self.riding[vehicle] = when_s, True
        self.empty_m += self.ways.metres(self._from[vehicle], self.day.origins[request])
        self._from[vehicle] = self.day.origins[request]
        self._later(vehicle, when_s + float(self.day.ride_s[request]))

    def _places(self, vehicles: Ints) -> Floats:
        """(V, 2) where vehicles without passengers are: standing, or on a straight way."""
        places = self._from[vehicles]
        requests = self.serving[vehicles]
        driving = requests != NOBODY
        left_s, there_s = self._left_s[vehicles][driving], self._there_s[vehicles][driving]
        share = (self.now_s - left_s) / np.maximum(there_s - left_s, 1e-9)
        ends = self.day.origins[requests[driving]]
        places[driving] += (ends - places[driving]) * np.clip(share, 0, 1)[:, None]
        return places
