"""Distances and bearings against known figures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.geo import MEAN_RADIUS_M, bearing_deg, distance_m, distances_m

LATS = st.floats(-90, 90)
LONS = st.floats(-180, 180)


def test_beijing_to_shanghai_is_within_the_stated_accuracy() -> None:
    # 1,068,217 m on the ellipsoid (Vincenty) between these two points.
    assert distance_m(39.9042, 116.4074, 31.2304, 121.4737) == pytest.approx(1_068_217, rel=0.0056)


def test_a_degree_of_latitude_is_a_part_of_the_circle() -> None:
    assert distance_m(45, 126, 46, 126) == pytest.approx(MEAN_RADIUS_M * np.pi / 180)


def test_antipodes_are_half_the_circle_apart() -> None:
    assert distance_m(0, 0, 0, 180) == pytest.approx(MEAN_RADIUS_M * np.pi)


def test_the_180th_meridian_is_no_barrier() -> None:
    assert distance_m(0, 179.999, 0, -179.999) < 250


@given(LATS, LONS, LATS, LONS)
def test_arrays_agree_with_the_scalar(lat: float, lon: float, to_lat: float, to_lon: float) -> None:
    one = distances_m(np.array([lat]), np.array([lon]), to_lat, to_lon)
    # Near the antipode the arcsine loses digits; nobody drives there.
    assert one[0] == pytest.approx(distance_m(lat, lon, to_lat, to_lon), abs=1e-6, rel=1e-7)


@given(LATS, LONS, LATS, LONS)
def test_distance_is_the_same_both_ways(
    lat: float, lon: float, to_lat: float, to_lon: float
) -> None:
    there = distance_m(lat, lon, to_lat, to_lon)
    assert there == pytest.approx(distance_m(to_lat, to_lon, lat, lon))
    assert there >= 0


@pytest.mark.parametrize(
    ("north", "east", "course_deg"),
    [(1, 0, 0), (0, 1, 90), (-1, 0, 180), (0, -1, 270), (1, 1, 45)],
)
def test_bearings_turn_clockwise_from_north(north: int, east: int, course_deg: float) -> None:
    assert bearing_deg(0, 126, north * 0.001, 126 + east * 0.001) == pytest.approx(
        course_deg, abs=0.01
    )


@given(LATS, LONS, LATS, LONS)
def test_a_bearing_is_below_360(lat: float, lon: float, to_lat: float, to_lon: float) -> None:
    assert 0 <= bearing_deg(lat, lon, to_lat, to_lon) < 360
