"""The cost of a vehicle for a request: a sum of stated terms, each in seconds of waiting.

    cost = use_step_s   · steps in the order of use (own unit 0, pool 1, other units 2, rental 3)
         + arrival_s, in steps of arrival_step_s: positions are older than finer steps
         + empty_s_a_km · empty kilometres
         + driver_duty_s_an_hour · hours that the driver has been on duty that day
         + unit_duty_s_an_hour   · hours that the drivers of the unit have been, on the mean

All terms are whole seconds, so that sums are exact. Sources of the shares: docs/decisions.
"""

from dataclasses import dataclass, fields

import numpy as np

from dispatch.matching.columns import FleetColumns
from dispatch.matching.pair_table import PairTable
from dispatch.matching.problem import CostTerms, Ints


@dataclass(frozen=True, slots=True)
class Weights:
    """What batch matching may be tuned by.

    use_step_s: above any arrival, as the regulation's order stands above the clock
    longest_arrival_s: a vehicle that needs longer is no candidate
    nearest: how many vehicles of each step of use are weighed at first; doubled where a request
        finds none
    most_pairs: how many pairs are weighed at most
    """

    use_step_s: int = 43_200
    arrival_step_s: int = 10
    empty_s_a_km: int = 6
    driver_duty_s_an_hour: int = 12
    unit_duty_s_an_hour: int = 6
    longest_arrival_s: int = 14_400
    nearest: int = 8
    most_pairs: int = 1_000_000

    def __post_init__(self) -> None:
        if min(self.arrival_step_s, self.nearest, self.most_pairs, self.longest_arrival_s) < 1:
            raise ValueError("steps, counts and the longest arrival must be positive")
        if min(self.empty_s_a_km, self.driver_duty_s_an_hour, self.unit_duty_s_an_hour) < 0:
            raise ValueError("a weight must not be below zero")
        if self.use_step_s < 0:
            raise ValueError("use_step_s must not be below zero")


@dataclass(frozen=True, slots=True)
class PairCosts:
    """The terms of many pairs, each an array of whole seconds of the same shape."""

    use_s: Ints
    arrival_s: Ints
    empty_s: Ints
    driver_duty_s: Ints
    unit_duty_s: Ints

    @property
    def total_s(self) -> Ints:
        """The cost of each pair."""
        total: Ints = (
            self.use_s + self.arrival_s + self.empty_s + self.driver_duty_s + self.unit_duty_s
        )
        return total

    def of(self, pairs: Ints) -> "PairCosts":
        """The terms of some of the pairs, in their order."""
        return PairCosts(*(getattr(self, field.name)[pairs] for field in fields(self)))

    def terms(self, pair: int) -> CostTerms:
        """The terms of one pair."""
        return CostTerms(
            use_s=int(self.use_s[pair]),
            arrival_s=int(self.arrival_s[pair]),
            empty_s=int(self.empty_s[pair]),
            driver_duty_s=int(self.driver_duty_s[pair]),
            unit_duty_s=int(self.unit_duty_s[pair]),
        )


def costs_of(table: PairTable, fleet: FleetColumns, weights: Weights) -> PairCosts:
    """Return the terms of all pairs of a table."""
    steps_s = np.rint(table.arrival_s / weights.arrival_step_s).astype(np.int64)
    driver_s, unit_s = fleet.driver_duty_s[table.columns], fleet.unit_duty_s[table.columns]
    return PairCosts(
        use_s=table.steps * weights.use_step_s,
        arrival_s=steps_s * weights.arrival_step_s,
        empty_s=np.rint(table.empty_m * (weights.empty_s_a_km / 1000)).astype(np.int64),
        driver_duty_s=driver_s * weights.driver_duty_s_an_hour // 3600,
        unit_duty_s=unit_s * weights.unit_duty_s_an_hour // 3600,
    )
