"""Tracks with a known truth: random journeys on a road network, seen now and then, and badly."""

from dataclasses import dataclass

import numpy as np

from dispatch.roads.edge_paths import EdgePaths
from dispatch.roads.engines import best_engine
from dispatch.roads.map_matching.track import Track
from dispatch.roads.network import Ints, RoadNetwork
from dispatch.roads.plane import Floats

_EPOCH_S = 1_700_000_000.0


@dataclass(frozen=True, eq=False)
class Driven:
    """A track, and what was driven from its first position to its last.

    edge: (n,) where each position really was
    """

    track: Track
    length_m: float
    edge: Ints


@dataclass(frozen=True, slots=True)
class Journeys:
    """Fastest ways between edges chosen by chance, at least `least_m` long."""

    network: RoadNetwork
    least_m: float = 3_000.0

    def ways(self, count: int, chance: np.random.Generator) -> list[Ints]:
        """The edges of so many journeys."""
        network = self.network
        paths = EdgePaths(network, network.edge_duration_ms, best_engine(network))
        found: list[Ints] = []
        while len(found) < count:
            source, target = chance.choice(network.strong_edges, 2).tolist()
            way = np.array(paths.path(source, target), dtype=np.int64)
            if network.edge_length_m[way].sum() >= self.least_m:
                found.append(way)
        return found

    def seen(
        self, way: Ints, *, every_s: float, noise_m: float, chance: np.random.Generator
    ) -> Driven:
        """A position every so many seconds, normally distributed around the truth on each axis."""
        network = self.network
        lengths = network.edge_length_m[way]
        took_s = np.concatenate([[0.0], np.cumsum(network.edge_duration_ms[way] / 1000)])
        at_s = np.arange(0.0, took_s[-1], every_s)
        step = np.clip(np.searchsorted(took_s, at_s, side="right") - 1, 0, len(way) - 1)
        share = (at_s - took_s[step]) / (took_s[step + 1] - took_s[step])
        gone_m = (np.cumsum(lengths) - lengths)[step] + share * lengths[step]
        lat, lon = _moved(network, *network.points_at(way[step], share), noise_m, chance)
        return Driven(Track(_EPOCH_S + at_s, lat, lon), float(gone_m[-1] - gone_m[0]), way[step])


def _moved(
    network: RoadNetwork, lat: Floats, lon: Floats, noise_m: float, chance: np.random.Generator
) -> tuple[Floats, Floats]:
    east, north = network.plane.to_metres(lat, lon)
    aside, up = chance.normal(0.0, noise_m, (2, len(lat)))
    return network.plane.to_degrees(east + aside, north + up)
