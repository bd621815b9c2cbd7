"""How far one comes in a given time, and how fast roads are at an hour."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from shapely.geometry import Point

from dispatch.roads.errors import OutsideMap
from dispatch.roads.importing.building import build_network
from dispatch.roads.reach import area
from dispatch.roads.road_travel_times import RoadTravelTimes
from dispatch.roads.speeds.week_speeds import HOURS, WeekSpeeds, hour_of_week
from tests.dispatch.roads.hand_made import line

# A cross of two streets, each about 800 m or 1.1 km to its end, and a one-way street in the east.
WHERE = {1: (43.30, 114.60), 2: (43.30, 114.61), 3: (43.31, 114.61), 4: (43.29, 114.61)} | {
    5: (43.30, 114.62),
    6: (43.31, 114.62),
}


@pytest.fixture
def travel() -> RoadTravelTimes:
    streets = [[1, 2], [2, 3], [4, 2], [2, 5]]
    ways = [line(number, nodes, WHERE) for number, nodes in enumerate(streets)]
    return RoadTravelTimes(build_network([*ways, line(9, [6, 5], WHERE, oneway="yes")]))


def test_one_comes_as_far_as_time_allows_and_not_against_a_one_way(
    travel: RoadTravelTimes,
) -> None:
    reached = travel.reach((43.30, 114.61), 60)  # 60 s at 25 km/h: 417 m
    ground = area(travel.network, reached)
    for lat, lon, inside in [
        (43.30, 114.605, True),
        (43.3035, 114.61, True),
        (43.2965, 114.61, True),
        (43.30, 114.603, False),
        (43.306, 114.61, False),
    ]:
        assert ground.covers(Point(lon, lat)) is inside
    far = travel.reach((43.30, 114.61), 600)
    assert not area(travel.network, far).covers(Point(114.62, 43.305))


def test_everything_that_is_reached_takes_no_longer_by_route(travel: RoadTravelTimes) -> None:
    start = (43.30, 114.602)
    reached = travel.reach(start, 150)
    last_s = []
    for edge, end in zip(reached.edge.tolist(), reached.end.tolist(), strict=True):
        point = travel.network.points_between(edge, end, end)[0]
        last_s.append(travel.durations([start], [point])[0, 0])
        assert last_s[-1] <= 150.01
    assert max(last_s) == pytest.approx(150, abs=0.01)


def test_road_behind_the_start_on_a_one_way_street_is_reached_by_coming_round() -> None:
    """A one-way ring of about 800 m by 1.1 km, from four fifths of its first side."""
    where = {1: (43.30, 114.60), 2: (43.30, 114.61), 3: (43.31, 114.61), 4: (43.31, 114.60)}
    sides = [[1, 2], [2, 3], [3, 4], [4, 1]]
    ring = RoadTravelTimes(
        build_network([line(n, side, where, oneway="yes") for n, side in enumerate(sides)])
    )
    start, behind, at_start = (43.30, 114.608), (43.30, 114.602), (43.30, 114.6075)
    back_s = ring.durations([start], [behind])[0, 0]
    for within_s, reached in ((back_s - 20, False), (back_s + 1, True)):
        ground = area(ring.network, ring.reach(start, within_s), beside_m=10)
        assert ground.covers(Point(behind[1], behind[0])) is reached
        assert not ground.covers(Point(at_start[1], at_start[0]))
    whole = ring.reach(start, 10 * back_s)
    length_m = sum((whole.end - whole.start) * ring.network.edge_length_m[whole.edge].astype(float))
    assert length_m == pytest.approx(ring.network.edge_length_m.sum())


def test_nothing_is_reached_from_outside_the_map(travel: RoadTravelTimes) -> None:
    with pytest.raises(OutsideMap, match=r"^The point lies more than 1 km .*\.$"):
        travel.reach((43.60, 114.60), 60)
    with pytest.raises(OutsideMap):
        travel.require_route((43.30, 114.60), (43.60, 114.60))


def test_the_week_begins_on_monday_at_midnight_in_china() -> None:
    sunday_afternoon = datetime(2026, 11, 22, 15, 59, tzinfo=UTC)
    assert hour_of_week(sunday_afternoon) == 167
    assert hour_of_week(sunday_afternoon.replace(hour=16)) == 0


def test_a_slow_hour_slows_its_ways_and_no_other_hour(travel: RoadTravelTimes) -> None:
    speeds = np.full((2, HOURS), np.nan)
    speeds[0, 8], speeds[1, 8] = 12.5, 5_000.0
    week = WeekSpeeds(np.array([1, 77]), speeds)
    pair = [(43.302, 114.61)], [(43.308, 114.61)]  # on way 1
    usual = travel.durations(*pair)[0, 0]
    at_eight, at_nine = (
        travel.with_durations(week.durations_ms(travel.network, hour)) for hour in (8, 9)
    )
    assert at_eight.durations(*pair)[0, 0] == pytest.approx(2 * usual, rel=1e-4)
    assert at_nine.durations(*pair)[0, 0] == usual
    beside = [(43.30, 114.603)], [(43.30, 114.607)]
    assert at_eight.durations(*beside) == travel.durations(*beside)


@pytest.mark.parametrize(
    ("ways", "hours", "says"), [([1], HOURS - 1, "one speed"), ([2, 1], HOURS, "ascend")]
)
def test_a_table_of_speeds_is_whole_and_in_order(ways: list[int], hours: int, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        WeekSpeeds(np.array(ways), np.zeros((len(ways), hours)))
