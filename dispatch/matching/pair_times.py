"""Travel times of some pairs, without those of all."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from dispatch.matching.problem import Floats, Ints
from dispatch.matching.ranking import TravelMatrix
from dispatch.roads.network import LatLon
from dispatch.roads.plane import distance_m
from dispatch.roads.straight_line import StraightLineTravelTimes

TILE = 48
"""So many requests that lie together share one matrix: their nearest vehicles are much the same."""


@dataclass(frozen=True, slots=True)
class PlacedPairs:
    """Pairs of places: from origins[at[i]] to destinations[to[i]], in degrees."""

    origins: Floats
    destinations: Floats
    at: Ints
    to: Ints


@runtime_checkable
class PairTimes(Protocol):
    """Travel times that answer for pairs themselves."""

    def of_pairs(self, pairs: PlacedPairs) -> tuple[Floats, Floats]:
        """Seconds and metres of each pair, as `pair_times` returns them."""


def pair_times(pairs: PlacedPairs, travel_times: TravelMatrix) -> tuple[Floats, Floats]:
    """Seconds and metres of each pair, infinite where there is no way."""
    if isinstance(travel_times, PairTimes):
        return travel_times.of_pairs(pairs)
    if isinstance(travel_times, StraightLineTravelTimes):
        return _straight(pairs, travel_times)
    origins, destinations, at, to = pairs.origins, pairs.destinations, pairs.at, pairs.to
    seconds, metres = np.full(len(at), np.inf), np.full(len(at), np.inf)
    for tile in _tiles(destinations, np.unique(to)):
        here = np.flatnonzero(np.isin(to, tile))
        sources, row = np.unique(at[here], return_inverse=True)
        targets, column = np.unique(to[here], return_inverse=True)
        times, lengths = travel_times.matrix(
            _points(origins[sources]), _points(destinations[targets])
        )
        seconds[here], metres[here] = times[row, column], lengths[row, column]
    return seconds, metres


def _straight(pairs: PlacedPairs, travel_times: StraightLineTravelTimes) -> tuple[Floats, Floats]:
    start, end = pairs.origins[pairs.at], pairs.destinations[pairs.to]
    straight = distance_m(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
    metres = straight * travel_times.detour_factor
    return metres / (travel_times.speed_kmh / 3.6), metres


def _points(degrees: Floats) -> list[LatLon]:
    return [(lat, lon) for lat, lon in degrees.tolist()]


def _tiles(destinations: Floats, used: Ints) -> list[Ints]:
    """Split the places used into bunches that lie together: strips, and runs within a strip."""
    if len(used) <= TILE:
        return [used]
    points = destinations[used]
    strips = max(1, round((len(used) / TILE) ** 0.5))
    by_lat = np.argsort(points[:, 0], kind="stable")
    bunches = []
    for strip in np.array_split(by_lat, strips):
        by_lon = strip[np.argsort(points[strip, 1], kind="stable")]
        bunches += np.array_split(used[by_lon], -(-len(by_lon) // TILE))
    return bunches
