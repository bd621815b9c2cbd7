"""The clock of a simulation: what happens when, and who looks at it. Far faster than the days.

No chance and no clock of the machine takes part: the same demand gives the same outcome.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

import numpy as np

from dispatch.simulation.weeks import rules
from dispatch.simulation.weeks.model import Demand, Fleet, House, Network
from dispatch.simulation.weeks.outcome import Outcome, outcome_of
from dispatch.simulation.weeks.pool import Pool, leaving_now, planned
from dispatch.simulation.weeks.promises import Promises
from dispatch.simulation.weeks.reach import longest_way_s
from dispatch.simulation.weeks.shared import join, may_share
from dispatch.simulation.weeks.words import Assigning, Fate

_TRY_S = 60.0


@dataclass(frozen=True, slots=True)
class Policy:
    """A way of working: the rule of assigning, with or without plans and sharing."""

    assigning: Assigning = Assigning.OURS
    plans: bool = True
    sharing: bool = True


def simulate(
    network: Network, fleet: Fleet, demand: Demand, policy: Policy, house: House | None = None
) -> Outcome:
    """Return what comes of a demand: everybody is served, refused, or has given up in the end.

    Raises ValueError when somebody or a base is at a place that the network doesn't have.
    """
    places = (demand.origin, demand.destination, fleet.base)
    if any(len(one) and not 0 <= one.min() <= one.max() < len(network.seconds) for one in places):
        raise ValueError("a request or a base lies at a place that the network doesn't have")
    running = _Running(Pool(network, fleet, demand, house or House()), policy)
    running.run()
    return outcome_of(running.pool, running.fates, running.promised)


class _Running:
    """Events by time; at equal times ends come before leaving, and asking comes last."""

    def __init__(self, pool: Pool, policy: Policy) -> None:
        self.pool, self.policy = pool, policy
        self.promises = Promises(pool)
        self.waiting: list[int] = []
        self.fates: dict[int, Fate] = {}
        self.promised: set[int] = set()
        self._rule = rules.RULES[policy.assigning]
        self._number = count()
        self._events: list[tuple[float, int, int, int]] = []
        self._turn_s, self._improved_s = 0.0, -np.inf
        self._left_for: dict[int, float] = {}
        self._tried_s: dict[int, float] = {}
        self._due_s: dict[int, float] = {}
        self._moved = False
        self._fresh: list[int] = []
        for request in range(len(pool.demand)):
            self._later(float(pool.demand.asked_s[request]), _ASKED, request)

    def run(self) -> None:
        """Go on until nothing happens any more."""
        while self._events or self.waiting:
            for at_s in self._instants():
                self.pool.now_s = at_s
                self._happen()
                self._assign()
        self.pool.close()

    def _instants(self) -> Iterator[float]:
        """The next instant: an event, or a turn while there is something to assign."""
        next_s = self._events[0][0] if self._events else np.inf
        if self.waiting or (self.pool.bound and self._moved):
            step_s = self.pool.house.batch_s
            turn_s = max(self._turn_s, np.floor(self.pool.now_s / step_s + 1) * step_s)
            next_s = min(next_s, turn_s)
        yield float(next_s)

    def _later(self, at_s: float, kind: int, whom: int) -> None:
        heappush(self._events, (at_s, kind, next(self._number), whom))

    def _happen(self) -> None:
        while self._events and self._events[0][0] <= self.pool.now_s:
            _, kind, _, whom = heappop(self._events)
            _HAPPENS[kind](self, whom)

    def _asked(self, request: int) -> None:
        pool, house, demand = self.pool, self.pool.house, self.pool.demand
        start_s = float(demand.start_s[request])
        if not (pool.fleet.seats >= demand.passengers[request]).any():
            self.fates[request] = Fate.REFUSED
            return
        if self.policy.plans and start_s - pool.now_s >= house.booked_s:
            if not self.promises.ask(request):
                self.fates[request] = Fate.REFUSED
                return
            self.promised.add(request)
            pool.told_s[request] = start_s + house.in_time_s
            return
        way_s = longest_way_s(pool, request) + house.prepare_s + house.batch_s
        before_s = max(house.lead_s, way_s)
        self._later(max(pool.now_s, start_s - before_s), _DUE, request)

    def _due(self, request: int) -> None:
        """Let a request wait for a vehicle; a promise is due anew when its vehicle has changed."""
        if request in self._due_s:
            return
        self._due_s[request] = self.pool.now_s
        self.waiting.append(request)
        start_s = float(self.pool.demand.start_s[request])
        self._later(start_s + self.pool.house.patience_s, _GIVES_UP, request)

    def _gives_up(self, request: int) -> None:
        if request in self.waiting:
            self.waiting.remove(request)
            self.promises.keep(request)
            self.fates[request] = Fate.GIVEN_UP

    def _leaves(self, vehicle: int) -> None:
        """Leave, unless the run was taken from the vehicle, changed, or it isn't back yet."""
        pool = self.pool
        run = pool.bound.get(vehicle)
        if run is None or vehicle in pool.on or run.leaves_s > pool.now_s:
            return
        run = leaving_now(pool, run)
        pool.bind(run)
        pool.leave(vehicle)
        self.fates.update(dict.fromkeys(run.requests, Fate.SERVED))
        self._later(float(pool.ends_s[vehicle]), _ENDS, vehicle)

    def _ends(self, vehicle: int) -> None:
        pool = self.pool
        pool.end(vehicle)
        self._moved = True
        if vehicle in pool.bound:  # it was bound by what was planned; now it is known
            pool.bind(planned(pool, vehicle, pool.bound[vehicle].stops))
        self.promises.mend(vehicle)

    def _assign(self) -> None:
        pool = self.pool
        is_turn = pool.now_s >= self._turn_s
        if is_turn:
            step_s = pool.house.batch_s
            self._turn_s = float(np.floor(pool.now_s / step_s + 1) * step_s)
        if self.policy.sharing:
            self._bound(
                [
                    one
                    for one in self.waiting
                    if self._is_tried(one) and join(pool, one, self.promises.allow)
                ]
            )
        self._bind_promised()
        at_once = [one for one in self.waiting if one not in self.promised]
        if at_once and len(pool.free):
            self._bind_at_once(self.promises.open_to(at_once), is_turn)
        self._plan()
        self._tell()
        if self.policy.sharing:
            self._merge()
        self._improve(is_turn)
        self._tell()

    def _bind_promised(self) -> None:
        """Bind plates to promises that are due; late ones also where that breaks another."""
        pool, promises = self.pool, self.promises
        kept = [one for one in self.waiting if one in self.promised]
        if kept:
            self._bound(rules.bind_promised(pool, kept, promises.allow))
        late = [one for one in kept if one in self.waiting and self._is_late(one)]
        if late:
            self._bound(rules.bind_promised(pool, late, lambda _: True))
            for request in late:
                if request in pool.server:
                    promises.mend(pool.server[request])

    def _is_late(self, request: int) -> bool:
        return self.pool.now_s >= self._due_s[request] + self.pool.house.bind_s / 2

    def _bind_at_once(self, asked: list[int], is_turn: bool) -> None:
        pool, promises = self.pool, self.promises
        if not asked or not (is_turn or rules.is_time(self.policy.assigning, pool, asked)):
            return
        self._bound(self._rule(pool, asked, promises.allow))
        denied = set(asked) - set(promises.open_to(asked))
        self._bound(
            rules.bind_beside(
                pool, [one for one in self.waiting if one in denied], promises.make_way
            )
        )

    def _plan(self) -> None:
        """Let each promise that got another vehicle be due in time for it."""
        for request, due_s in self.promises.due():
            self._later(max(self.pool.now_s, due_s), _DUE, request)

    def _merge(self) -> None:
        """Try whoever was given a vehicle a moment ago in the others' runs."""
        pool = self.pool
        for request in self._fresh:
            vehicle = pool.server.get(request)
            if vehicle is None or pool.bound[vehicle].requests != (request,):
                continue
            if vehicle in pool.on or not may_share(pool, request):
                continue
            run = pool.bound[vehicle]
            pool.unbind(vehicle)
            if not join(pool, request, self.promises.allow):
                pool.bind(run)
        self._fresh.clear()

    def _improve(self, is_turn: bool) -> None:
        if self.policy.assigning is not Assigning.OURS:
            self._moved = False
        elif is_turn and self.pool.now_s - self._improved_s >= self.pool.house.improve_s:
            self._improved_s, self._moved = self.pool.now_s, False
            rules.improve(self.pool, self.promises.allow)

    def _is_tried(self, request: int) -> bool:
        """Whether somebody who waits is to be tried in others' runs now; once a minute will do."""
        if not may_share(self.pool, request):
            return False
        if self.pool.now_s - self._tried_s.get(request, -np.inf) < _TRY_S:
            return False
        self._tried_s[request] = self.pool.now_s
        return True

    def _bound(self, requests: list[int]) -> None:
        self._moved = self._moved or bool(requests)
        self._fresh += requests
        for request in requests:
            self.waiting.remove(request)
            self.promises.keep(request)

    def _tell(self) -> None:
        """Tell passengers when they are picked up, and let each run be left for in time."""
        pool = self.pool
        for vehicle, run in pool.bound.items():
            for request, picked_s in run.picked_s.items():
                if pool.told_s[request] == np.inf:
                    pool.told_s[request] = picked_s + pool.house.slack_s
            if self._left_for.get(vehicle) != run.leaves_s:
                self._left_for[vehicle] = run.leaves_s
                self._later(run.leaves_s, _LEAVES, vehicle)


_ENDS, _LEAVES, _ASKED, _DUE, _GIVES_UP = range(5)
_HAPPENS = {
    _ENDS: _Running._ends,
    _LEAVES: _Running._leaves,
    _ASKED: _Running._asked,
    _DUE: _Running._due,
    _GIVES_UP: _Running._gives_up,
}
