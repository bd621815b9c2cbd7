"""The way of a ride: from its origin by its waypoints to its destination, back where it returns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dispatch.roads.network import LatLon
from dispatch.schemas import StayWaypoint, Waypoint
from dispatch.tables import Request

MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Way:
    """All places of a ride in order, and the waypoints among them with their stays."""

    places: Sequence[LatLon]
    waypoints: Sequence[StayWaypoint]


def waypoints_of(told: Sequence[Mapping[str, object]] | None) -> list[StayWaypoint]:
    """Return the waypoints of a ride (途经点), in order, from what is stored of them."""
    return [StayWaypoint.model_validate(one) for one in told or ()]


def way_of(request: Request) -> Way:
    """Return the way of a request's ride as it was asked for."""
    return Way(places_of(request), waypoints_of(request.waypoints))


def places_of(request: Request) -> list[LatLon]:
    """Return all places of a request's ride, in order."""
    return way_places(
        (request.origin_latitude, request.origin_longitude),
        waypoints_of(request.waypoints),
        (request.destination_latitude, request.destination_longitude),
        round_trip=request.round_trip,
    )


def driven_places(request: Request) -> list[LatLon]:
    """Return the places that a vehicle drives by, in order: from where the passengers wait."""
    return [request.pickup, *places_of(request)[1:]]


def way_places(
    origin: LatLon, waypoints: Sequence[Waypoint], destination: LatLon, *, round_trip: bool
) -> list[LatLon]:
    """Return all places of a ride, in order; the way back is driven without a stay."""
    by = [(one.latitude, one.longitude) for one in waypoints]
    return [origin, *by, destination, *([origin] if round_trip else [])]


def stays_s(waypoints: Sequence[StayWaypoint]) -> int:
    """Return how long a ride waits at its waypoints."""
    return sum(one.stay_minutes for one in waypoints) * MINUTE_S
