"""Trips on the roads of the map in use."""

from __future__ import annotations

import threading

import numpy as np

from dispatch.roads.map_matching.matching import MapMatcher
from dispatch.roads.map_matching.schemas import MatchedTripOut, MultiLineStringOut
from dispatch.roads.map_matching.track import MatchedTrack, Track
from dispatch.roads.network import RoadNetwork
from dispatch.roads.plane import distance_m
from tracking.schemas import TripDetail

_MOST_ENTRIES = 4_000_000
"""Of the table of routes in a process that answers people: 32 MB."""


class MatcherInUse:
    """One per process: matches on whatever network it is asked for, one track after another."""

    def __init__(self) -> None:
        self._matching = threading.Lock()
        self._matcher: tuple[RoadNetwork, MapMatcher] | None = None

    def match(self, network: RoadNetwork, track: Track) -> MatchedTrack:
        """The roads of a track; the first question on a network is a slow one."""
        with self._matching:
            if self._matcher is None or self._matcher[0] is not network:
                self._matcher = network, MapMatcher(network, most_entries=_MOST_ENTRIES)
            return self._matcher[1].match(track)


def on_roads(
    trip: TripDetail, network: RoadNetwork | None, matcher: MatcherInUse
) -> MatchedTripOut:
    """A trip as driven on roads; on straight lines, and labelled so, where none are known."""
    lines = trip.track
    lon, lat = np.array(lines.coordinates, dtype=np.float64).reshape(-1, 2).T
    times = np.array([instant.timestamp() for instant in lines.times], dtype=np.float64)
    matched = None if network is None else matcher.match(network, Track(times, lat, lon))
    if network is None or matched is None or not matched.pieces:
        straight_m = float(distance_m(lat[:-1], lon[:-1], lat[1:], lon[1:]).sum())
        return _told(trip, [list(lines.coordinates)] if len(times) else [], straight_m, None)
    roads = [[(x, y) for y, x in piece.line(network)] for piece in matched.pieces]
    return _told(trip, roads, matched.length_m, matched.confidence)


def _told(
    trip: TripDetail,
    lines: list[list[tuple[float, float]]],
    length_m: float,
    confidence: float | None,
) -> MatchedTripOut:
    return MatchedTripOut(
        trip_id=trip.id,
        label="raw" if confidence is None else "matched",
        length_m=round(length_m, 1),
        distance_m=trip.distance_m,
        confidence=None if confidence is None else round(confidence, 4),
        geometry=MultiLineStringOut(coordinates=lines),
    )
