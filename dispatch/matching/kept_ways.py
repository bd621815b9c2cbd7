"""The ways that a matching asked for, kept so that it can be made again without any roads.

A pair is known by its places: the start's among all starts of the fleet, and the request's among
those matched. The same vehicles and requests have the same places again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.matching.pair_times import PlacedPairs, pair_times
from dispatch.matching.problem import Floats, Ints
from dispatch.matching.ranking import TravelMatrix
from dispatch.roads.network import LatLon


@dataclass(frozen=True, slots=True)
class Ways:
    """Seconds and metres of pairs, infinite without a way; by start and request, none twice."""

    starts: Ints
    requests: Ints
    seconds: Floats
    metres: Floats


class KeptWays:
    """Travel times that keep each pair asked for. Not for two threads at once."""

    def __init__(self, travel_times: TravelMatrix) -> None:
        self._travel_times = travel_times
        self._asked: list[tuple[Ints, Ints, Floats, Floats]] = []

    @property
    def label(self) -> str:
        """What the figures rest on."""
        return self._travel_times.label

    def matrix(
        self, origins: Sequence[LatLon], destinations: Sequence[LatLon]
    ) -> tuple[Floats, Floats]:
        """Seconds and metres of each pair, which aren't kept."""
        return self._travel_times.matrix(origins, destinations)

    def of_pairs(self, pairs: PlacedPairs) -> tuple[Floats, Floats]:
        """Seconds and metres of each pair, which are kept."""
        seconds, metres = pair_times(pairs, self._travel_times)
        self._asked.append((pairs.at, pairs.to, seconds, metres))
        return seconds, metres

    def ways(self) -> Ways:
        """Return all that was asked for."""
        if not self._asked:
            whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
            return Ways(whole, whole, real, real)
        starts, requests, seconds, metres = (
            np.concatenate(part) for part in zip(*self._asked, strict=True)
        )
        keys = starts * (int(requests.max(initial=0)) + 1) + requests
        firsts = np.unique(keys, return_index=True)[1]
        return Ways(starts[firsts], requests[firsts], seconds[firsts], metres[firsts])


class RecordedWays:
    """Travel times that know what was kept, and no other pair."""

    def __init__(self, ways: Ways, label: str) -> None:
        self._ways, self.label = ways, label
        self._across = int(ways.requests.max(initial=0)) + 1
        self._keys = ways.starts * self._across + ways.requests

    def matrix(
        self, origins: Sequence[LatLon], destinations: Sequence[LatLon]
    ) -> tuple[Floats, Floats]:
        """No way between any: points are no places."""
        nowhere = np.full((len(origins), len(destinations)), np.inf)
        return nowhere, nowhere

    def of_pairs(self, pairs: PlacedPairs) -> tuple[Floats, Floats]:
        """Seconds and metres of each pair; infinite for one that wasn't kept."""
        at, to = pairs.at, pairs.to
        wanted = at * self._across + to
        place = np.searchsorted(self._keys, wanted)
        place[place == len(self._keys)] = 0
        known = np.zeros(len(at), dtype=np.bool_)
        if len(self._keys):
            known = (self._keys[place] == wanted) & (to < self._across)
        seconds, metres = np.full(len(at), np.inf), np.full(len(at), np.inf)
        seconds[known] = self._ways.seconds[place[known]]
        metres[known] = self._ways.metres[place[known]]
        return seconds, metres
