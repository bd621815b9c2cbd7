"""Advance bookings promised by capacity: a kind of vehicle is promised, and its plate bound late.

A booking is promised when it can be placed beside all that is promised, bound or under way; it is
refused at the time else. A ride at once gets a vehicle only where that breaks no promise.
Vehicles with as many seats are alike: a stock of `dispatch.capacity`.
"""

import numpy as np

from dispatch.capacity.keeping import around
from dispatch.capacity.model import NOWHERE, Booking
from dispatch.capacity.placing import place_in_order
from dispatch.simulation.weeks.pool import Pool
from dispatch.simulation.weeks.reach import lasts_s
from dispatch.simulation.weeks.runs import Run

AGAIN_S = 120.0


class Promises:
    """What has been promised and isn't bound yet."""

    def __init__(self, pool: Pool) -> None:
        """Nothing is promised at first."""
        self._pool = pool
        self._kinds = sorted(set(pool.fleet.seats.tolist()))
        self._sizes = [int((pool.fleet.seats == kind).sum()) for kind in self._kinds]
        # The mean way between where vehicles stand and each place, which pads a booking.
        self._out_s = pool.network.seconds[pool.fleet.base].mean(axis=0)
        self._back_s = pool.network.seconds[:, pool.fleet.base].mean(axis=1)
        self.open: dict[int, Booking] = {}
        self._denied_s: dict[int, float] = {}

    def ask(self, request: int) -> bool:
        """Promise a booking if it can be kept; whether it is promised."""
        booking = self._booking(request, float(self._pool.demand.start_s[request]))
        if NOWHERE in place_in_order([*self._touched([booking]), booking], self._sizes):
            return False
        self.open[request] = booking
        return True

    def keep(self, request: int) -> None:
        """A promise is bound to a vehicle, or over."""
        self.open.pop(request, None)

    def within(self, requests: list[int]) -> list[int]:
        """Return those rides at once, in their order, that break no promise."""
        asked = [one for one in requests if self._is_due(one)]
        if not self.open or not asked:
            return asked if self.open else requests
        bookings = [self._booking(one, self._pool.now_s) for one in asked]
        # Where vehicles are alike only what overlaps a ride can be broken by it; where kinds differ
        # this is a quick look, and binding decides.
        until_s = max(one.end for one in bookings)
        taken = [one for one in self._all() if one.start < until_s]
        may = []
        for request, booking in zip(asked, bookings, strict=True):
            if NOWHERE not in place_in_order([*taken, booking], self._sizes):
                taken.append(booking)
                may.append(request)
            else:
                self._denied_s[request] = self._pool.now_s
        return may

    def _is_due(self, request: int) -> bool:
        """Whether a ride that would have broken a promise is looked at again: every two minutes."""
        return self._pool.now_s - self._denied_s.get(request, -np.inf) >= AGAIN_S

    def _booking(self, request: int, starts_s: float) -> Booking:
        demand, house = self._pool.demand, self._pool.house
        starts_s = max(starts_s, self._pool.now_s)
        out_s = float(self._out_s[demand.origin[request]])
        last = (demand.origin if demand.back[request] else demand.destination)[request]
        ends_s = starts_s + lasts_s(self._pool, request) + float(self._back_s[last])
        first_s = max(self._pool.now_s, starts_s - out_s)
        stocks = (s for s, kind in enumerate(self._kinds) if kind >= demand.passengers[request])
        return Booking(int(first_s), int(np.ceil(ends_s + house.turnaround_s)), frozenset(stocks))

    def _touched(self, more: list[Booking]) -> list[Booking]:
        """What is promised, bound or under way, and may concern these bookings."""
        whole = self._all()
        span = min(one.start for one in more), max(one.end for one in more)
        return [whole[b] for b in around(whole, span)]

    def _all(self) -> list[Booking]:
        pool = self._pool
        runs = [self._run(run) for run in (*pool.on.values(), *pool.bound.values())]
        return [*self.open.values(), *runs]

    def _run(self, run: Run) -> Booking:
        """What a run takes of its vehicle from now on, as planned, with the way home."""
        pool = self._pool
        last = run.stops[-1].request
        ends = pool.demand.origin if pool.demand.back[last] else pool.demand.destination
        home_s = float(self._back_s[ends[last]]) + pool.house.turnaround_s
        first_s = int(max(pool.now_s, run.leaves_s))
        stock = self._kinds.index(int(pool.fleet.seats[run.vehicle]))
        ends_s = max(first_s + 1, int(np.ceil(run.ends_s + home_s)))
        return Booking(first_s, ends_s, frozenset({stock}))
