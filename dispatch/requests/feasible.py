"""Whether a ride can be driven at all: places by the map in use, passengers by the seats."""

from __future__ import annotations

import math
from datetime import datetime

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import BigInteger, DateTime, Integer

from dispatch.requests.errors import (
    MorePassengersThanSeats,
    PlaceOutsideMap,
    RideTooShort,
    UnreachablePlace,
    WaypointsNotShared,
)
from dispatch.requests.schemas import RideWish
from dispatch.requests.way import MINUTE_S, Way, stays_s, way_places
from dispatch.roads.network import LatLon
from dispatch.roads.road_travel_times import RoadTravelTimes, Standing
from dispatch.roads.straight_line import StraightLineTravelTimes
from dispatch.roads.travel_times import TravelTimes
from dispatch.schemas import Waypoint

# The straight line at the most that is allowed on an expressway: 道路交通安全法实施条例 art. 78.
_FASTEST = StraightLineTravelTimes(detour_factor=1.0, speed_kmh=120.0)

# The seats of the largest vehicle, where none takes the passengers beside its driver. All units
# below the organisation at the top count: any of their vehicles may be sent across units.
_TOO_SMALL = text("""
    WITH RECURSIVE above AS (
        SELECT CAST(:unit AS bigint) AS no
        UNION
        SELECT p.parent_no FROM above JOIN organisation_parent p
          ON p.organisation_no = above.no AND p.period @> :now
    ), tree AS (
        SELECT no FROM above
        UNION
        SELECT p.organisation_no FROM tree JOIN organisation_parent p
          ON p.parent_no = tree.no AND p.period @> :now
    ), vehicles AS NOT MATERIALIZED (
        SELECT v.seats FROM vehicle v
        JOIN vehicle_unit u ON u.vehicle_no = v.no AND u.period @> :now
        JOIN tree ON tree.no = u.organisation_no
        WHERE v.withdrawn_at IS NULL
    )
    SELECT CASE WHEN EXISTS (SELECT FROM vehicles WHERE seats > :passengers) THEN NULL
                ELSE (SELECT max(seats) FROM vehicles) END
""").bindparams(
    bindparam("unit", type_=BigInteger),
    bindparam("now", type_=DateTime(timezone=True)),
    bindparam("passengers", type_=Integer),
)


def standings(wish: RideWish, roads: TravelTimes | None) -> dict[LatLon, Standing]:
    """How the places of a wish stand to the map in use; empty without one. Work for a thread."""
    if not isinstance(roads, RoadTravelTimes):
        return {}
    places = (wish.origin, *wish.waypoints, wish.destination)
    points = [(place.latitude, place.longitude) for place in places]
    return {point: roads.standing(point) for point in points}


def check_places(wish: RideWish, standings: dict[LatLon, Standing]) -> None:
    """Refuse a place that no car reaches, and one outside the map unless that is meant.

    standings: of the places by the map in use; empty without one
    Raises UnreachablePlace or PlaceOutsideMap.
    """
    parts = (("origin", wish.origin), ("destination", wish.destination))
    for part, place in (*parts, *(("waypoints", one) for one in wish.waypoints)):
        standing = standings.get((place.latitude, place.longitude), Standing.REACHED)
        if standing is Standing.CUT_OFF:
            raise UnreachablePlace(
                f"No road that cars may use leads to {place.name}: choose a point beside a road"
                " that is joined to the others.",
                place=part,
                name=place.name,
            )
        if standing is Standing.OUTSIDE and not wish.outside_map:
            raise PlaceOutsideMap(
                f"{place.name} lies outside the map in use: choose a place on the map, or say that"
                " one outside is meant; times are estimated by straight line then.",
                place=part,
                name=place.name,
            )


def check_sharing(wish: RideWish) -> None:
    """Refuse to share a way of one's own. Raises WaypointsNotShared."""
    if wish.waypoints and wish.may_share:
        raise WaypointsNotShared


def way_wished(wish: RideWish) -> Way:
    """Return the way of a ride as it is asked for."""
    origin, destination = ((one.latitude, one.longitude) for one in (wish.origin, wish.destination))
    places = way_places(origin, wish.waypoints, destination, round_trip=wish.round_trip)
    return Way(places, wish.waypoints)


def check_way(way: Way, period: tuple[datetime, datetime], roads: TravelTimes | None) -> None:
    """Refuse a way that can't be driven within the period, stays at its waypoints included.

    roads: at whose speeds of that hour the way by waypoints is driven; None: straight lines. A ride
    without waypoints says no more than where it begins and ends: it is refused where no car may
    drive so fast. Work for a thread. Raises RideTooShort.
    """
    driven = (roads or StraightLineTravelTimes()) if way.waypoints else _FASTEST
    times, _ = driven.at(period[0]).matrix(way.places, way.places)
    drive_s = sum(float(times[n, n + 1]) for n in range(len(way.places) - 1))
    least_s = drive_s + stays_s(way.waypoints)
    if least_s > (period[1] - period[0]).total_seconds():
        least = math.ceil(least_s / MINUTE_S)
        raise RideTooShort(
            f"The way takes at least {least} minutes, stays included: ask for a longer time, or for"
            " nearer or fewer places.",
            least_minutes=least,
        )


def check_way_there(origin: Waypoint, destination: Waypoint, period: Range[datetime]) -> None:
    """Refuse a ride, or a drive told afterwards, in whose time no car gets there.

    Only the way there: of what needs no approval, the way back is nowhere said to be driven.
    Raises RideTooShort.
    """
    there = [(one.latitude, one.longitude) for one in (origin, destination)]
    assert period.lower is not None
    assert period.upper is not None
    check_way(Way(there, ()), (period.lower, period.upper), None)


async def check_passengers(
    session: AsyncSession, unit_no: int, passengers: int, now: datetime
) -> None:
    """Refuse more passengers than any vehicle takes beside its driver.

    Counted are the vehicles of all units under the unit's topmost organisation; where there are
    none yet, nothing is refused. Raises MorePassengersThanSeats.
    """
    asked = {"unit": unit_no, "now": now, "passengers": passengers}
    largest = await session.scalar(_TOO_SMALL, asked)
    if largest is not None:
        raise MorePassengersThanSeats(
            f"The largest vehicle takes {largest - 1} passengers beside its driver: split the ride"
            " into several requests.",
            passengers=passengers,
            most_passengers=largest - 1,
        )
