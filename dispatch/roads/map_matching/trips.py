"""Trips on the roads of the map in use."""

from __future__ import annotations

import asyncio
import threading
from typing import Literal

import numpy as np

from dispatch.roads.map_matching.dijkstra_rows import DijkstraRows
from dispatch.roads.map_matching.matching import MapMatcher
from dispatch.roads.map_matching.schemas import MatchedTripOut, MultiLineStringOut
from dispatch.roads.map_matching.track import MatchedTrack, Track
from dispatch.roads.map_matching.valhalla import Line, Valhalla
from dispatch.roads.network import RoadNetwork
from dispatch.roads.plane import distance_m
from tracking.schemas import TripDetail

_MOST_ENTRIES = 4_000_000
"""Of the table of routes in a process that answers people: 32 MB."""


class MatcherInUse:
    """One per process: matches on whatever network it is asked for, one track after another.

    It searches without the compiler: a trip has few positions, and nobody who looks at one waits
    for seconds of compiling.
    """

    def __init__(self) -> None:
        self._matching = threading.Lock()
        self._matcher: tuple[RoadNetwork, MapMatcher] | None = None

    def match(self, network: RoadNetwork, track: Track) -> MatchedTrack:
        """The roads of a track; the first question on a network is a slow one."""
        with self._matching:
            if self._matcher is None or self._matcher[0] is not network:
                matcher = MapMatcher(network, most_entries=_MOST_ENTRIES, search_on=DijkstraRows)
                self._matcher = network, matcher
            return self._matcher[1].match(track)


def track_of(trip: TripDetail) -> Track:
    """The positions of a trip."""
    lon, lat = np.array(trip.track.coordinates, dtype=np.float64).reshape(-1, 2).T
    times = np.array([instant.timestamp() for instant in trip.track.times], dtype=np.float64)
    return Track(times, lat, lon)


async def matched_trip(
    trip: TripDetail, network: RoadNetwork | None, matcher: MatcherInUse, valhalla: Valhalla | None
) -> MatchedTripOut:
    """A trip on the roads that Valhalla tells, if one is set up; else on those of our map."""
    track = track_of(trip)
    lines = None if valhalla is None else await valhalla.match(track)
    if lines is not None:
        return _told(trip, "valhalla", lines, sum(map(_length_m, lines)), None)
    return await asyncio.to_thread(_by_ourselves, trip, track, network, matcher)


def _by_ourselves(
    trip: TripDetail, track: Track, network: RoadNetwork | None, matcher: MatcherInUse
) -> MatchedTripOut:
    matched = None if network is None else matcher.match(network, track)
    if network is None or matched is None or not matched.pieces:
        straight = list(zip(track.lat.tolist(), track.lon.tolist(), strict=True))
        return _told(trip, None, [straight] if straight else [], _length_m(straight), None)
    roads = [piece.line(network) for piece in matched.pieces]
    return _told(trip, "own", roads, matched.length_m, matched.confidence)


def _length_m(line: Line) -> float:
    lat, lon = np.array(line, dtype=np.float64).reshape(-1, 2).T
    return float(distance_m(lat[:-1], lon[:-1], lat[1:], lon[1:]).sum())


def _told(
    trip: TripDetail,
    engine: Literal["own", "valhalla"] | None,
    lines: list[Line],
    length_m: float,
    confidence: float | None,
) -> MatchedTripOut:
    return MatchedTripOut(
        trip_id=trip.id,
        label="raw" if engine is None else "matched",
        engine=engine,
        length_m=round(length_m, 1),
        distance_m=trip.distance_m,
        confidence=None if confidence is None else round(confidence, 4),
        geometry=MultiLineStringOut(
            coordinates=[[(lon, lat) for lat, lon in line] for line in lines]
        ),
    )
