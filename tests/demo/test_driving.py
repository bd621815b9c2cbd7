"""Drives stay on their road, end at rest, and count what they drove."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import cos, hypot, radians
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.simulator.driving import MOVING_EVERY_S, Manner, drive, park
from dispatch.roads.network import LatLon
from dispatch.roads.route import Leg, Route, TravelLabel
from tracking.geo import distance_m

START = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
HOME: LatLon = (43.3, 114.6)
_M = 111_195.0


def _moved(place: LatLon, east_m: float, north_m: float) -> LatLon:
    return place[0] + north_m / _M, place[1] + east_m / (_M * cos(radians(place[0])))


@st.composite
def routes(draw: st.DrawFn) -> Route:
    """Routes of streets that turn as they like, 5 m to 2 km each."""
    place, legs = HOME, []
    for _ in range(draw(st.integers(1, 8))):
        angle = draw(st.floats(0, 360))
        length = draw(st.floats(5, 2000))
        end = _moved(place, length * cos(radians(90 - angle)), length * cos(radians(angle)))
        kmh = draw(st.sampled_from([20.0, 40.0, 60.0, 80.0]))
        legs.append(Leg(distance_m(*place, *end), kmh, (place, end)))
        place = end
    return Route(HOME, tuple(legs), TravelLabel.ROADS)


def _off_road_m(place: LatLon, path: list[LatLon]) -> float:
    """Metres from a place to the nearest piece of the path, on a plane."""
    scale = cos(radians(place[0]))

    def metres(point: LatLon) -> tuple[float, float]:
        return (point[1] - place[1]) * _M * scale, (point[0] - place[0]) * _M

    nearest = float("inf")
    for (ax, ay), (bx, by) in pairwise([metres(point) for point in path]):
        dx, dy = bx - ax, by - ay
        along = -(ax * dx + ay * dy) / max(dx * dx + dy * dy, 1e-9)
        along = min(1.0, max(0.0, along))
        nearest = min(nearest, hypot(ax + along * dx, ay + along * dy))
    return nearest


@given(routes(), st.integers(0, 2**32))
@settings(deadline=None, max_examples=60)
def test_every_position_lies_within_the_receivers_noise_of_the_road(
    route: Route, seed: int
) -> None:
    driven = drive(route, START, 0, Random(seed))
    for fix in driven.fixes:
        # Six deviations of the receiver, and the plane's own error.
        assert _off_road_m((fix.latitude, fix.longitude), route.path) < 6 * 2.5 * 1.5


@given(routes(), st.integers(0, 2**32))
@settings(deadline=None, max_examples=60)
def test_the_odometer_counts_the_length_of_the_route(route: Route, seed: int) -> None:
    driven = drive(route, START, 5_000, Random(seed))
    assert abs(driven.distance_m - route.distance_m) <= 0.01 * route.distance_m + 0.5
    assert driven.odometer_m == 5_000 + round(driven.distance_m)
    assert driven.fixes[-1].odometer_m == driven.odometer_m
    odometers = [fix.odometer_m for fix in driven.fixes]
    assert odometers == sorted(odometers)


@given(routes())
@settings(deadline=None, max_examples=60)
def test_times_go_forward_in_steps_of_the_reporting_interval(route: Route) -> None:
    driven = drive(route, START, 0, Random(1))
    times = [fix.time for fix in driven.fixes]
    assert times[0] == START
    assert times[-1] == driven.ends_at
    steps = [(b - a).total_seconds() for a, b in pairwise(times)]
    assert all(0 < step <= MOVING_EVERY_S for step in steps)


@given(routes())
@settings(deadline=None, max_examples=60)
def test_nobody_drives_faster_than_the_road_allows_and_everybody_stops(route: Route) -> None:
    driven = drive(route, START, 0, Random(1))
    fastest = max(leg.speed_kmh for leg in route.legs)
    assert all(fix.speed_kmh <= fastest + 0.1 for fix in driven.fixes)
    assert driven.fixes[0].speed_kmh == 0
    assert driven.fixes[-1].speed_kmh == 0
    assert driven.ends_at - START >= timedelta(
        seconds=sum(leg.duration_s for leg in route.legs) - 1
    )


def test_the_same_seed_drives_the_same_way() -> None:
    end = _moved(HOME, 700, 0)
    route = Route(HOME, (Leg(700, 40, (HOME, end)),), TravelLabel.ROADS)
    assert drive(route, START, 0, Random(3)) == drive(route, START, 0, Random(3))
    assert drive(route, START, 0, Random(3)) != drive(route, START, 0, Random(4))


def test_a_route_without_legs_takes_no_time() -> None:
    driven = drive(Route(HOME, (), TravelLabel.ROADS), START, 7, Random(1))
    assert driven.fixes == ()
    assert (driven.ends_at, driven.end, driven.odometer_m) == (START, HOME, 7)


def test_a_parked_vehicle_reports_every_five_minutes_within_its_noise() -> None:
    fixes = list(park(HOME, START, START + timedelta(hours=1), 9, Random(1)))
    assert [fix.time for fix in fixes] == [START + timedelta(minutes=5 * n) for n in range(12)]
    assert all(fix.speed_kmh == 0 and not fix.acc and fix.odometer_m == 9 for fix in fixes)
    assert max(distance_m(*HOME, fix.latitude, fix.longitude) for fix in fixes) < 15


def test_a_manner_without_brakes_is_refused() -> None:
    with pytest.raises(ValueError, match="must be positive"):
        Manner(braking_m_s2=0)
