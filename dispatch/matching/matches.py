"""The matches of a batch in columns; one of them is made an object when it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from dispatch.matching.problem import Floats, Ints, Match
from dispatch.matching.weights import PairCosts
from kit.sequences import MadeWhenAsked


@dataclass(frozen=True, slots=True, eq=False)
class Matches(MadeWhenAsked[Match]):
    """Shape of the arrays: (M,); arrival_s, empty_m: whole numbers."""

    requests: Sequence[UUID]
    vehicle_nos: Ints
    driver_nos: Sequence[int]
    arrival_s: Floats
    empty_m: Floats
    costs: PairCosts

    def __len__(self) -> int:
        return len(self.requests)

    def _one(self, i: int) -> Match:
        return Match(
            request=self.requests[i],
            vehicle_no=int(self.vehicle_nos[i]),
            driver_no=self.driver_nos[i],
            arrival_s=int(self.arrival_s[i]),
            empty_m=int(self.empty_m[i]),
            cost=self.costs.terms(i),
        )
