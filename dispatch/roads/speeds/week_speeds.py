"""Speeds by way and hour of the week: what the roads' weights are made of at a given hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from dispatch.roads.importing.car_rules import FASTEST_KMH, SLOWEST_KMH
from dispatch.roads.network import Ints, RoadNetwork
from dispatch.roads.plane import Floats

HOURS = 7 * 24
_CHINA = ZoneInfo("Asia/Shanghai")


def hour_of_week(instant: datetime) -> int:
    """0 for the hour that begins on Monday at midnight in China, 167 for Sunday's last."""
    there = instant.astimezone(_CHINA)
    return there.weekday() * 24 + there.hour


@dataclass(frozen=True, eq=False)
class WeekSpeeds:
    """Driven speeds of W ways, ascending by number: `speed_kmh` is (W, 168), NaN if unknown."""

    way_id: Ints
    speed_kmh: Floats

    def __post_init__(self) -> None:
        if self.speed_kmh.shape != (len(self.way_id), HOURS):
            raise ValueError("there must be one speed for each way and hour of the week")
        if (np.diff(self.way_id) <= 0).any():
            raise ValueError("ways must ascend")

    def durations_ms(self, network: RoadNetwork, hour: int) -> Ints:
        """(E,) milliseconds to drive each edge in an hour; the map's own where none is known."""
        if len(self.way_id) == 0:
            return network.edge_duration_ms
        at = np.searchsorted(self.way_id, network.edge_way_id).clip(max=len(self.way_id) - 1)
        known = np.where(
            self.way_id[at] == network.edge_way_id, self.speed_kmh[at, hour], np.nan
        ).clip(SLOWEST_KMH, FASTEST_KMH)
        return network.durations_ms(np.where(np.isnan(known), network.edge_speed_kmh, known))
