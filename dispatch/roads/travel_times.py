"""How long from here to there: the one question that dispatch asks the roads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from dispatch.roads.engines import load_engine
from dispatch.roads.network import LatLon, RoadNetwork
from dispatch.roads.plane import Floats
from dispatch.roads.road_travel_times import RoadTravelTimes
from dispatch.roads.route import Route, TravelLabel
from dispatch.roads.straight_line import StraightLineTravelTimes
from dispatch.roads.versions import current_version


class TravelTimes(Protocol):
    """Durations, distances and routes between points; answers are exact for what it knows."""

    @property
    def label(self) -> TravelLabel:
        """What the answers rest on, for points that are covered."""

    @property
    def map_version(self) -> str | None:
        """The name of the map that the answers rest on; None without one."""

    def at(self, instant: datetime) -> TravelTimes:
        """The same at the speeds of an hour of the week, as far as any have been learned."""

    def covers(self, point: LatLon) -> bool:
        """Whether answers for the point rest on `label`; others are straight-line figures."""

    def matrix(
        self, origins: Sequence[LatLon], destinations: Sequence[LatLon]
    ) -> tuple[Floats, Floats]:
        """Seconds and metres of each pair, shape (origins, destinations).

        A pair with a point that isn't covered gets straight-line figures.
        """

    def route(self, origin: LatLon, destination: LatLon) -> Route:
        """The fastest route; its label says what it rests on."""


def load_travel_times(maps_dir: Path) -> TravelTimes:
    """Travel times on the map in use; straight lines, and labelled so, where none is imported."""
    version = current_version(maps_dir)
    if version is None:
        return StraightLineTravelTimes()
    return load_road_travel_times(version.folder)


def load_road_travel_times(folder: Path) -> RoadTravelTimes:
    """Travel times on the roads of a version's folder."""
    network = RoadNetwork.load(folder)
    engine = load_engine(network, folder)
    return RoadTravelTimes(network, engine=engine, map_version=folder.name)
