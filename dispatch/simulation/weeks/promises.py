"""Advance bookings are promised where they can be kept, and their plates bound late.

A booking is promised when a roster keeps it beside all that is promised, bound or under way, and is
refused at the time else. Whoever is given a vehicle gets it only where that breaks no promise.
"""

import numpy as np

from dispatch.simulation.weeks.pool import Pool
from dispatch.simulation.weeks.roster import Roster
from dispatch.simulation.weeks.runs import Run

AGAIN_S = 120.0


class Promises:
    """What has been promised and isn't bound yet."""

    def __init__(self, pool: Pool) -> None:
        """Nothing is promised at first."""
        self._pool = pool
        self._roster = Roster(pool)
        self._denied_s: dict[int, float] = {}

    def ask(self, request: int) -> bool:
        """Promise a booking if it can be kept; whether it is promised."""
        return self._roster.add(request)

    def keep(self, request: int) -> None:
        """A promise is bound to a vehicle, or over."""
        self._roster.drop(request)

    def allow(self, run: Run) -> bool:
        """Whether a run breaks no promise; who is denied one is looked at again later."""
        may = self._is_kept_by(run) and self._roster.allows(run)
        if not may:
            self._denied_s.update(dict.fromkeys(run.requests, self._pool.now_s))
        return may

    def _is_kept_by(self, run: Run) -> bool:
        latest_s = self._pool.told_s - self._pool.house.in_time_s / 2
        return all(
            at_s <= latest_s[one] for one, at_s in run.picked_s.items() if one in self._roster
        )

    def make_way(self, run: Run) -> bool:
        """Move promises from the vehicle of a run to others; whether the run breaks none then."""
        return self._roster.make_room(run)

    def mend(self, vehicle: int) -> None:
        """Something came otherwise than planned: move what this vehicle can't keep any more."""
        self._roster.mend(vehicle)

    def open_to(self, requests: list[int]) -> list[int]:
        """Return those that were not denied a vehicle within the last two minutes."""
        until_s = self._pool.now_s - AGAIN_S
        return [one for one in requests if self._denied_s.get(one, -np.inf) <= until_s]

    def due(self) -> list[tuple[int, float]]:
        """Return promises that got another vehicle, and when a plate is bound to each."""
        house, told = self._pool.house, []
        margin_s = house.prepare_s + house.turnaround_s
        for request in sorted(self._roster.moved):
            start_s = float(self._pool.demand.start_s[request])
            leaves_s = self._roster.leaves_s(request)
            told.append((request, min(start_s - house.bind_s, leaves_s - margin_s)))
        self._roster.moved.clear()
        return told
