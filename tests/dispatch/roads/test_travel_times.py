"""How long from here to there: on roads, along one street, and where there is no road."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
import pytest

from demo.city import City
from dispatch.roads.importing.building import build_network
from dispatch.roads.network import LatLon
from dispatch.roads.road_travel_times import RoadTravelTimes
from dispatch.roads.route import TravelLabel
from dispatch.roads.straight_line import StraightLineTravelTimes
from dispatch.roads.travel_times import TravelTimes, load_travel_times
from dispatch.roads.versions import MapVersion
from tests.dispatch.roads.hand_made import line

# A block of four corners, about 1.1 km high and 0.8 km wide:  4 - 3
#                                                              1 - 2
BLOCK = {1: (43.30, 114.60), 2: (43.30, 114.61), 3: (43.31, 114.61), 4: (43.31, 114.60)}


def around(**oneway: str) -> RoadTravelTimes:
    """Streets 1-2, 2-3, 3-4 and 4-1, the first with its own tags."""
    first = line(1, [1, 2], BLOCK, **oneway)
    rest = [line(2, [2, 3], BLOCK), line(3, [3, 4], BLOCK), line(4, [4, 1], BLOCK)]
    return RoadTravelTimes(build_network([first, *rest]))


def on_first(share: float) -> LatLon:
    return 43.30, 114.60 + 0.01 * share


@pytest.fixture(scope="module")
def travel_times(version: MapVersion, maps_dir: Path) -> TravelTimes:
    return load_travel_times(maps_dir)


def random_points(count: int, seed: int) -> list[LatLon]:
    random = Random(seed)
    return [(random.uniform(43.265, 43.335), random.uniform(114.54, 114.66)) for _ in range(count)]


def test_along_one_street_only_the_part_between_counts() -> None:
    route = around().route(on_first(0.75), on_first(0.25))
    assert route.distance_m == pytest.approx(404.6, abs=1)
    assert route.duration_s == pytest.approx(route.distance_m / (25 / 3.6), abs=0.01)
    assert [round(lon, 5) for _, lon in route.path] == [114.6075, 114.6025]


def test_a_one_way_street_is_never_driven_backwards() -> None:
    there = around(oneway="yes").route(on_first(0.25), on_first(0.75))
    back = around(oneway="yes").route(on_first(0.75), on_first(0.25))
    assert there.distance_m == pytest.approx(404.6, abs=1)
    corners = [(round(lat, 6), round(lon, 6)) for lat, lon in back.path[1:-1]]
    assert corners == [BLOCK[2], BLOCK[3], BLOCK[4], BLOCK[1]]


def test_the_same_place_is_reached_at_once() -> None:
    route = around().route(on_first(0.5), on_first(0.5))
    assert (route.duration_s, route.distance_m, route.legs) == (0, 0, ())
    assert len(route.path) == 1


def test_a_matrix_of_the_block_agrees_with_its_routes() -> None:
    travel = around(oneway="yes")
    points = [on_first(0.2), on_first(0.8), (43.305, 114.61), (43.31, 114.603)]
    durations, distances = travel.matrix(points, points)
    for row, origin in enumerate(points):
        for column, destination in enumerate(points):
            route = travel.route(origin, destination)
            assert durations[row, column] == pytest.approx(route.duration_s)
            assert distances[row, column] == pytest.approx(route.distance_m)


def test_a_matrix_of_the_city_agrees_with_its_routes(travel_times: TravelTimes) -> None:
    origins, destinations = random_points(40, seed=1), random_points(5, seed=2)
    durations, distances = travel_times.matrix(origins, destinations)
    assert durations.shape == distances.shape == (40, 5)
    for row, origin in enumerate(origins):
        for column, destination in enumerate(destinations):
            route = travel_times.route(origin, destination)
            assert durations[row, column] == pytest.approx(route.duration_s)
            assert distances[row, column] == pytest.approx(route.distance_m)


def test_routes_of_the_city_follow_its_streets_and_one_ways(
    travel_times: TravelTimes, city: City
) -> None:
    where = {node.node_id: (node.lat, node.lon) for node in city.nodes}
    allowed = set()
    for way in city.ways:
        if "highway" in way.tags:
            steps = list(pairwise(where[node] for node in way.node_ids))
            allowed.update(steps)
            if not {"oneway", "junction"} & set(way.tags):
                allowed.update((after, before) for before, after in steps)
    for origin, destination in zip(random_points(30, 3), random_points(30, 4), strict=True):
        route = travel_times.route(origin, destination)
        assert route.label is TravelLabel.ROADS
        inner = [(round(lat, 7), round(lon, 7)) for lat, lon in route.path][1:-1]
        assert set(pairwise(inner)) <= allowed
        for leg, following in pairwise(route.legs):
            assert leg.points[-1] == pytest.approx(following.points[0], abs=1e-9)


def test_a_point_without_roads_is_answered_by_a_straight_line() -> None:
    travel = around()
    far = (43.60, 114.60)
    assert travel.covers(on_first(0.5))
    assert not travel.covers(far)
    route = travel.route(on_first(0.0), far)
    assert route.label is TravelLabel.STRAIGHT_LINE
    durations, distances = travel.matrix([on_first(0.0), far], [on_first(0.5)])
    straight = StraightLineTravelTimes().matrix([far], [on_first(0.5)])
    assert (durations[1, 0], distances[1, 0]) == (straight[0][0, 0], straight[1][0, 0])
    assert distances[0, 0] == pytest.approx(404.6, abs=1)


@pytest.mark.parametrize("shape", [(0, 0), (0, 2), (2, 0)])
def test_no_points_make_an_empty_matrix(shape: tuple[int, int]) -> None:
    origins, destinations = [on_first(0.1)] * shape[0], [on_first(0.2)] * shape[1]
    for travel in (around(), StraightLineTravelTimes()):
        durations, distances = travel.matrix(origins, destinations)
        assert durations.shape == distances.shape == shape


def test_without_an_import_lines_are_straight_and_say_so(tmp_path: Path) -> None:
    travel = load_travel_times(tmp_path)
    assert travel.label is TravelLabel.STRAIGHT_LINE
    route = travel.route((43.0, 114.0), (44.0, 114.0))
    assert route.label is TravelLabel.STRAIGHT_LINE
    assert route.distance_m == pytest.approx(111_195 * 1.4, rel=1e-3)
    assert route.duration_s == pytest.approx(route.distance_m / (30 / 3.6))


def test_straight_lines_refuse_impossible_settings() -> None:
    with pytest.raises(ValueError, match="detour_factor"):
        StraightLineTravelTimes(detour_factor=0.9)


def test_the_arrays_of_a_network_can_t_be_changed() -> None:
    network = around().network
    with pytest.raises(ValueError, match="read-only"):
        network.edge_length_m[0] = 1.0
    assert isinstance(network.edge_length_m, np.ndarray)
