"""The roads that a route answers from: those of the map in use, or straight lines."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from dispatch.roads.in_use import MapInUse
from dispatch.roads.network import RoadNetwork
from dispatch.roads.road_travel_times import RoadTravelTimes
from dispatch.roads.straight_line import StraightLineTravelTimes
from dispatch.roads.travel_times import TravelTimes
from kit.web import Now


def travel_times(request: Request, now: Now) -> TravelTimes:
    """Travel times of this hour on the map in use; straight lines without one. In a thread."""
    return _on_the_map(request).at(now)


def roads_network(request: Request) -> RoadNetwork | None:
    """The network of the map in use; None without one."""
    travel = _on_the_map(request)
    return travel.network if isinstance(travel, RoadTravelTimes) else None


def _on_the_map(request: Request) -> TravelTimes:
    in_use: MapInUse | None = getattr(request.app.state, "map_in_use", None)
    return StraightLineTravelTimes() if in_use is None else in_use.travel_times()


Roads = Annotated[TravelTimes, Depends(travel_times)]
MapRoads = Annotated[TravelTimes, Depends(_on_the_map)]
"""The roads of which a route asks an hour by itself."""
