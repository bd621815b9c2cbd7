"""Runs a day of a city under a policy, far faster than the day itself, and counts."""

from dataclasses import dataclass

import numpy as np

from dispatch.simulation.city import City
from dispatch.simulation.policies import Policy
from dispatch.simulation.scenario import Day, StraightWays, Ways


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a day: minutes of waiting from asking to pick-up, kilometres without passengers.

    late: requests picked up later than was told; changes: how often one got another vehicle
    """

    requests: int
    served: int
    wait_mean_min: float
    wait_p95_min: float
    empty_km: float
    late: int
    changes: int

    @property
    def empty_km_a_ride(self) -> float:
        """Kilometres without passengers for each request served."""
        return self.empty_km / self.served if self.served else 0.0


def simulate(day: Day, policy: Policy, ways: Ways | None = None) -> Outcome:
    """Return what comes of a day under a policy, when everybody has been served.

    The same day and policy give the same outcome; no clock and no chance take part.
    """
    city = City(day, ways or StraightWays())
    turn_s = policy.every_s or np.inf
    while True:
        next_s = city.next_s()
        is_needed = bool(city.waiting) or len(city.approaching) > 0
        if next_s == np.inf and not (is_needed and turn_s < np.inf):
            return _outcome(city)
        is_turn = turn_s <= next_s
        city.go_on(min(next_s, turn_s))
        policy.act(city, is_turn=is_turn)
        if is_turn:
            turn_s += policy.every_s or np.inf


def _outcome(city: City) -> Outcome:
    day = city.day
    served = ~np.isnan(city.picked_s)
    waits_min = (city.picked_s - day.asked_s)[served] / 60
    return Outcome(
        requests=len(day.asked_s),
        served=int(served.sum()),
        wait_mean_min=float(waits_min.mean()) if served.any() else 0.0,
        wait_p95_min=float(np.percentile(waits_min, 95)) if served.any() else 0.0,
        empty_km=city.empty_m / 1000,
        late=int((city.picked_s[served] > city.told_s[served] + 1).sum()),
        changes=city.changes,
    )
