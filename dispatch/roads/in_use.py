"""The map in use, followed while it changes: an import takes effect without a restart."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from zipfile import BadZipFile

from dispatch.roads.errors import MapError
from dispatch.roads.road_travel_times import RoadTravelTimes
from dispatch.roads.speeds.learned import LearnedSpeeds
from dispatch.roads.straight_line import StraightLineTravelTimes
from dispatch.roads.travel_times import (
    TravelTimes,
    load_road_travel_times,
    load_travel_times,
)
from dispatch.roads.versions import current_name, newest_first, read_manifest

log = logging.getLogger(__name__)

_BROKEN = (MapError, OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile)
"""What a damaged version may raise: its manifest is JSON, its network a zip of arrays."""


class MapInUse:
    """Travel times on whatever map `gongche map import` has put into use last.

    A version that can't be read is logged once, and the one before stays.
    """

    def __init__(self, maps_dir: Path) -> None:
        """Read the map in use; where it is broken the newest that isn't, else straight lines."""
        self._maps_dir = maps_dir
        self._name = current_name(maps_dir)
        self._travel_times = _load_what_can_be_read(maps_dir, self._name)
        self._reading = threading.Lock()
        self._speeds: LearnedSpeeds | None = None

    def travel_times(self) -> TravelTimes:
        """Return travel times on the newest readable map; costs a look at one name.

        After an import the first caller waits while the roads are read (call from a thread);
        others are answered by the map before until then.
        """
        name = current_name(self._maps_dir)
        if name != self._name and self._reading.acquire(blocking=False):
            try:
                if name != self._name:
                    self._read(name)
            finally:
                self._reading.release()
        return self._travel_times

    def learned(self, speeds: LearnedSpeeds) -> None:
        """Take learned speeds into use, on this map and on those that follow; call from a thread.

        Whoever asks meanwhile is answered by the speeds before.
        """
        with self._reading:
            self._speeds = speeds
            self._travel_times = _with_speeds(self._travel_times, speeds)

    def _read(self, name: str | None) -> None:
        try:
            travel_times = load_travel_times(self._maps_dir)
            self._travel_times = _with_speeds(travel_times, self._speeds)
            log.info("a new map is in use", extra={"map": name})
        except _BROKEN as error:
            log.warning("a new map is unreadable", extra={"map": name, "error": str(error)})
        # Also when it failed: it isn't tried again before another one takes its place.
        self._name = name


def _load_what_can_be_read(maps_dir: Path, name: str | None) -> TravelTimes:
    try:
        return load_travel_times(maps_dir)
    except _BROKEN as error:
        log.warning("the map is unreadable", extra={"map": name, "error": str(error)})
    for folder in newest_first(maps_dir):
        try:
            read_manifest(folder)
            found = load_road_travel_times(folder)
        except _BROKEN:
            continue
        log.warning("an earlier map is in use", extra={"map": folder.name})
        return found
    log.warning("no map can be read: travel times are straight-line figures")
    return StraightLineTravelTimes()


def _with_speeds(travel_times: TravelTimes, speeds: LearnedSpeeds | None) -> TravelTimes:
    if speeds is None or not isinstance(travel_times, RoadTravelTimes):
        return travel_times
    return travel_times.with_speeds(speeds.week_speeds(travel_times.network), speeds.version)
