"""What came of a simulation, counted."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np

from dispatch.matching.problem import Floats, Ints
from dispatch.simulation.weeks.pool import Pool
from dispatch.simulation.weeks.runs import Leg
from dispatch.simulation.weeks.words import Fate


@dataclass(frozen=True, slots=True, eq=False)
class Rides:
    """By request: when it got in and out (NaN: never), by which vehicle (-1: none)."""

    fate: tuple[Fate, ...]
    picked_s: Floats
    dropped_s: Floats
    vehicle: Ints


@dataclass(frozen=True, slots=True)
class Outcome:
    """Figures of a simulation. Waiting is from when the passengers want to leave to getting in.

    in_time: picked up within what the house calls in time
    promised, kept: bookings promised, and those of them picked up in time
    empty_km, ridden_km, shared_km: without passengers, with any, with several requests
    shared: requests that rode with others; changes: how often one got another vehicle
    duty_gini: 0 where all drivers are on orders equally long, towards 1 where one does all
    duty_least_h, duty_most_h: of a driver
    """

    requests: int
    served: int
    refused: int
    given_up: int
    in_time: int
    promised: int
    kept: int
    wait_mean_min: float
    wait_p95_min: float
    empty_km: float
    ridden_km: float
    shared_km: float
    shared: int
    changes: int
    duty_gini: float
    duty_least_h: float
    duty_most_h: float
    vehicles: int
    rides: "Rides"
    legs: tuple[Leg, ...]

    @property
    def in_time_share(self) -> float:
        """In time of all that was asked, 0 to 1; 1 where nothing was asked."""
        return self.in_time / self.requests if self.requests else 1.0


def outcome_of(pool: Pool, fates: Mapping[int, Fate], promised: Set[int]) -> Outcome:
    """Return the figures of a pool in which nothing happens any more."""
    count = len(pool.demand)
    fate = tuple(fates[request] for request in range(count))
    served = np.array([one is Fate.SERVED for one in fate], dtype=np.bool_)
    waits_s = pool.picked_s - pool.demand.start_s
    in_time = served & (np.nan_to_num(waits_s, nan=np.inf) <= pool.house.in_time_s + 1)
    waits_min = waits_s[served] / 60
    ordered_h = pool.duty.whole_s / 3600
    return Outcome(
        requests=count,
        served=int(served.sum()),
        refused=fate.count(Fate.REFUSED),
        given_up=fate.count(Fate.GIVEN_UP),
        in_time=int(in_time.sum()),
        promised=len(promised),
        kept=int(sum(in_time[request] for request in promised)),
        wait_mean_min=float(waits_min.mean()) if served.any() else 0.0,
        wait_p95_min=float(np.percentile(waits_min, 95)) if served.any() else 0.0,
        empty_km=_km(pool, 0, 0),
        ridden_km=_km(pool, 1, None),
        shared_km=_km(pool, 2, None),
        shared=len(pool.shared),
        changes=pool.changes,
        duty_gini=gini(pool.duty.whole_s),
        duty_least_h=float(ordered_h.min()),
        duty_most_h=float(ordered_h.max()),
        vehicles=len(pool.place),
        rides=Rides(fate, pool.picked_s, pool.dropped_s, pool.vehicle),
        legs=tuple(pool.legs),
    )


def gini(values: Floats) -> float:
    """Return Gini's coefficient: half the mean difference of two, by the mean; 0 of nothing."""
    whole = float(values.sum())
    if whole <= 0:
        return 0.0
    ranks = np.arange(1, len(values) + 1)
    share = float((ranks * np.sort(values)).sum()) / (len(values) * whole)
    return 2 * share - (len(values) + 1) / len(values)


def _km(pool: Pool, least: int, most: int | None) -> float:
    return (
        sum(
            leg.metres
            for leg in pool.legs
            if leg.aboard >= least and (most is None or leg.aboard <= most)
        )
        / 1000
    )
