"""The matches of a batch in columns; one of them is made an object when it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload
from uuid import UUID

from dispatch.matching.problem import Floats, Ints, Match
from dispatch.matching.weights import PairCosts


@dataclass(frozen=True, slots=True, eq=False)
class Matches(Sequence[Match]):
    """Equal to any sequence of the same matches.

    Shape of the arrays: (M,); arrival_s, empty_m: whole numbers
    """

    requests: Sequence[UUID]
    vehicle_nos: Ints
    driver_nos: Sequence[int]
    arrival_s: Floats
    empty_m: Floats
    costs: PairCosts

    def __len__(self) -> int:
        return len(self.requests)

    @overload
    def __getitem__(self, index: int) -> Match: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Match]: ...
    def __getitem__(self, index: int | slice) -> Match | Sequence[Match]:
        if isinstance(index, slice):
            return [self._one(i) for i in range(*index.indices(len(self)))]
        return self._one(range(len(self))[index])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # equal to a list, which has none either

    def _one(self, i: int) -> Match:
        return Match(
            request=self.requests[i],
            vehicle_no=int(self.vehicle_nos[i]),
            driver_no=self.driver_nos[i],
            arrival_s=int(self.arrival_s[i]),
            empty_m=int(self.empty_m[i]),
            cost=self.costs.terms(i),
        )
