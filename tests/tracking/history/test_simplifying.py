"""A simplified line keeps its ends and corners, and nothing left out lies far from it."""

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tracking.geo import MEAN_RADIUS_M
from tracking.history.simplifying import kept, tolerance_m

M = math.degrees(1 / MEAN_RADIUS_M)


@st.composite
def lines(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """A walk with rests, in degrees, and corners that must stay."""
    n = draw(st.integers(0, 40))
    moves = st.tuples(st.integers(-300, 300), st.integers(-300, 300)) | st.just((0, 0))
    steps = np.array([draw(moves) for _ in range(n)], float).reshape(-1, 2)
    walked = np.cumsum(steps, axis=0)
    lat = draw(st.floats(-60, 60)) + walked[:, 0] * M
    lon = draw(st.sampled_from([110.0, 179.999])) + walked[:, 1] * M
    corners = draw(st.lists(st.integers(0, n - 1), max_size=3)) if n else []
    return lat, (lon + 180) % 360 - 180, corners


@given(lines(), st.floats(0.1, 500))
def test_ends_and_corners_stay_and_the_rest_is_within_the_tolerance(
    line: tuple[np.ndarray, np.ndarray, list[int]], tolerance: float
) -> None:
    lat, lon, corners = line
    staying = kept(lat, lon, tolerance, corners)
    if not len(lat):
        assert len(staying) == 0
        return
    assert sorted(set(staying.tolist())) == staying.tolist()
    assert {0, len(lat) - 1, *corners} <= set(staying.tolist())
    narrow = math.cos(math.radians(lat.mean()))
    x = np.radians((lon - lon[0] + 180) % 360 - 180) * narrow * MEAN_RADIUS_M
    points = np.column_stack([x, np.radians(lat) * MEAN_RADIUS_M])
    for first, last in pairwise(staying):
        chord = shapely.LineString(points[[first, last]])
        left_out = shapely.points(points[first : last + 1])
        assert float(shapely.distance(chord, left_out).max()) <= tolerance + 1e-3


def test_a_straight_drive_becomes_its_ends_and_a_rest_one_place() -> None:
    lat = 40 + np.arange(1000) * 10 * M
    assert kept(lat, np.full(1000, 110.0), 5.0).tolist() == [0, 999]
    assert kept(np.full(50, 40.0), np.full(50, 110.0), 5.0).tolist() == [0, 49]


@pytest.mark.parametrize(("zoom", "metres"), [(0, 78_271.5), (10, 76.437), (16, 1.1943)])
def test_the_tolerance_is_a_pixel_of_the_map(zoom: int, metres: float) -> None:
    assert tolerance_m(zoom, 0.0) == pytest.approx(metres, rel=1e-4)
    assert tolerance_m(zoom, 60.0) == pytest.approx(metres / 2, rel=1e-4)
