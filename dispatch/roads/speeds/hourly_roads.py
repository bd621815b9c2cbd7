"""The same roads at the speeds of each hour of the week, a few hours kept ready."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from dispatch.roads.speeds.week_speeds import WeekSpeeds

if TYPE_CHECKING:
    from dispatch.roads.road_travel_times import RoadTravelTimes

MOST_HOURS = 4
"""So many hours are kept: this one, the next, and two that bookings asked for."""


class HourlyRoads:
    """Makes an hour's roads when it is first asked for; from any thread."""

    def __init__(self, base: RoadTravelTimes, speeds: WeekSpeeds, version: int) -> None:
        self._base, self._speeds, self._version = base, speeds, version
        self._hours: OrderedDict[int, RoadTravelTimes] = OrderedDict()
        self._making = threading.Lock()

    def at(self, hour: int) -> RoadTravelTimes:
        """The roads at an hour of the week; the map's own where nothing is known of it."""
        known = self._hours.get(hour)
        if known is not None:
            return known
        with self._making:
            if hour not in self._hours:
                self._hours[hour] = self._made(hour)
                if len(self._hours) > MOST_HOURS:
                    self._hours.popitem(last=False)
            return self._hours[hour]

    def _made(self, hour: int) -> RoadTravelTimes:
        durations_ms = self._speeds.durations_ms(self._base.network, hour)
        if (durations_ms == self._base.network.edge_duration_ms).all():
            return self._base.among(self)
        made = self._base.with_durations(durations_ms)
        made.speeds_version = self._version
        return made.among(self)
