"""A real extract, read from beside the project and never copied into it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from dispatch.roads.importing.importing import import_map
from dispatch.roads.road_travel_times import RoadTravelTimes
from dispatch.roads.travel_times import load_travel_times

HARBIN = Path(__file__).parents[3] / "../shared/maps/harbin.osm.pbf"


@pytest.mark.skipif(not HARBIN.is_file(), reason="the extract is not beside the project")
def test_a_real_city_is_imported_and_driven(tmp_path: Path) -> None:
    version = import_map(HARBIN, tmp_path, lambda line: None)
    # Counts measured by others on the same file: 31,654 edges, 30,774 of them strongly connected.
    assert version.manifest.edges == pytest.approx(31_654, rel=0.01)
    assert version.manifest.strong_share == pytest.approx(30_774 / 31_654, abs=0.01)
    travel = load_travel_times(tmp_path)
    assert isinstance(travel, RoadTravelTimes)
    box, chance = version.manifest.bounds, np.random.default_rng(1)
    points = [
        (float(chance.uniform(box.south, box.north)), float(chance.uniform(box.west, box.east)))
        for _ in range(30)
    ]
    durations, distances = travel.matrix(points, points)
    assert np.isfinite(durations).all()
    covered = [index for index, point in enumerate(points) if travel.covers(point)]
    assert len(covered) > 20
    for row, column in pairwise(covered):
        route = travel.route(points[row], points[column])
        assert durations[row, column] == pytest.approx(route.duration_s)
        assert distances[row, column] == pytest.approx(route.distance_m)
