"""The roads that a route answers from: those of the map in use, or straight lines."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from dispatch.roads.in_use import MapInUse
from dispatch.roads.network import RoadNetwork
from dispatch.roads.road_travel_times import RoadTravelTimes
from dispatch.roads.straight_line import StraightLineTravelTimes
from dispatch.roads.travel_times import TravelTimes


def travel_times(request: Request) -> TravelTimes:
    """Travel times on the map in use; straight lines without one. Called in a thread."""
    in_use: MapInUse | None = getattr(request.app.state, "map_in_use", None)
    return StraightLineTravelTimes() if in_use is None else in_use.travel_times()


def roads_network(request: Request) -> RoadNetwork | None:
    """The network of the map in use; None without one."""
    travel = travel_times(request)
    return travel.network if isinstance(travel, RoadTravelTimes) else None


Roads = Annotated[TravelTimes, Depends(travel_times)]
