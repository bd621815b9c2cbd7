"""Learned speeds: what is kept of tracks, weighed against the map's own speed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dispatch.roads.network import Ints, RoadNetwork
from dispatch.roads.plane import Floats
from dispatch.roads.speeds.week_speeds import HOURS, WeekSpeeds

PRIOR = 5.0
"""The map's speed counts as much as so many traversals."""


@dataclass(frozen=True, eq=False)
class LearnedSpeeds:
    """C cells of way and hour (`way × 168 + hour`, ascending), as of a version.

    weight: how many traversals each rests on, older ones counting less; pace_sum_s_km: the sum of
    their seconds a kilometre
    """

    version: int
    cell: Ints
    weight: Floats
    pace_sum_s_km: Floats

    def week_speeds(self, network: RoadNetwork) -> WeekSpeeds:
        """The speeds to reckon with on a network.

        The mean of paces, since durations add up and speeds don't (the space mean speed of Wardrop
        1952), drawn towards the map's own: (PRIOR·map + Σ pace) / (PRIOR + weight), the posterior
        mean of a normal mean with a prior worth PRIOR observations (Gelman et al., Bayesian Data
        Analysis, section 2.5). Ways that the network doesn't have are left out.
        """
        way, map_pace = _map_paces(network)
        at = np.searchsorted(way, self.cell // HOURS)
        at_known = at.clip(max=max(len(way) - 1, 0))
        kept = way[at_known] == self.cell // HOURS if len(way) else np.zeros(0, np.bool_)
        at, cell = at_known[kept], self.cell[kept]
        pace = (PRIOR * map_pace[at] + self.pace_sum_s_km[kept]) / (PRIOR + self.weight[kept])
        learned, row = np.unique(way[at], return_inverse=True)
        speeds = np.full((len(learned), HOURS), np.nan)
        speeds[row, cell % HOURS] = 3_600 / pace
        return WeekSpeeds(learned, speeds)


def _map_paces(network: RoadNetwork) -> tuple[Ints, Floats]:
    """The ways of a network, ascending, and the map's seconds a kilometre along each."""
    way, at = np.unique(network.edge_way_id, return_inverse=True)
    seconds = np.bincount(at, weights=network.edge_length_m * 3.6 / network.edge_speed_kmh)
    metres = np.bincount(at, weights=network.edge_length_m)
    return way, seconds / np.maximum(metres, 1e-9) * 1000
