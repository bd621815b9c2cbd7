"""Learned speeds in use: drawn towards the map's own, by the hour, and nothing else changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from dispatch.roads.road_travel_times import RoadTravelTimes
from dispatch.roads.speeds.hourly_roads import MOST_HOURS, HourlyRoads
from dispatch.roads.speeds.learned import PRIOR, LearnedSpeeds
from dispatch.roads.speeds.week_speeds import HOURS
from dispatch.roads.straight_line import StraightLineTravelTimes
from tests.dispatch.roads.map_matching.drawn import degrees, town

MONDAY_8 = datetime(2026, 11, 16, 0, 0, tzinfo=UTC)
NETWORK = town({1: (0, 0), 2: (500, 0), 3: (1000, 0)}, {1: [1, 2], 2: [2, 3]})
MAP_S_KM = 3600 / 25  # a residential street
FROM, TO = degrees((0, 0)), degrees((1000, 0))


def learned(*cells: tuple[int, int, float, float]) -> LearnedSpeeds:
    """Ways and hours, the weight of each and the mean seconds a kilometre."""
    return LearnedSpeeds(
        3,
        np.array([way * HOURS + hour for way, hour, _, _ in cells], dtype=np.int64),
        np.array([weight for _, _, weight, _ in cells], dtype=np.float64),
        np.array([weight * pace for _, _, weight, pace in cells], dtype=np.float64),
    )


def roads(speeds: LearnedSpeeds) -> RoadTravelTimes:
    return RoadTravelTimes(NETWORK).with_speeds(speeds.week_speeds(NETWORK), speeds.version)


def seconds(travel: RoadTravelTimes) -> float:
    return travel.route(FROM, TO).duration_s


def test_few_traversals_move_the_map_s_speed_a_little_and_many_nearly_all_the_way() -> None:
    for weight in (1.0, PRIOR, 1000.0):
        speeds = learned((1, 8, weight, 300)).week_speeds(NETWORK)
        pace = (PRIOR * MAP_S_KM + weight * 300) / (PRIOR + weight)
        assert speeds.speed_kmh[0, 8] == pytest.approx(3600 / pace)
        assert np.isnan(np.delete(speeds.speed_kmh[0], 8)).all()


def test_an_hour_is_as_slow_as_it_was_learned_and_others_as_before() -> None:
    travel = roads(learned((1, 8, 95.0, 300)))
    before = seconds(RoadTravelTimes(NETWORK))
    pace = (PRIOR * MAP_S_KM + 95 * 300) / 100
    assert seconds(travel) == before
    assert seconds(travel.at(MONDAY_8 + timedelta(hours=1))) == before
    assert seconds(travel.at(MONDAY_8)) == pytest.approx((MAP_S_KM + pace) / 2, rel=1e-3)
    assert seconds(travel.at(MONDAY_8 + timedelta(days=7))) == seconds(travel.at(MONDAY_8))
    versions = [travel.at(MONDAY_8 + timedelta(hours=n)).speeds_version for n in (0, 1)]
    assert versions == [3, None]


def test_the_roads_of_one_hour_know_those_of_any_other() -> None:
    travel = roads(learned((1, 8, 95.0, 300)))
    late = MONDAY_8 + timedelta(hours=12)
    assert seconds(travel.at(late)) < seconds(travel.at(MONDAY_8))
    assert seconds(travel.at(late).at(MONDAY_8)) == seconds(travel.at(MONDAY_8))
    assert seconds(travel.at(MONDAY_8).at(late)) == seconds(travel.at(late))


@pytest.mark.parametrize("known", [learned(), learned((99, 8, 50.0, 300))])
def test_without_learned_speeds_every_answer_is_that_of_the_map(known: LearnedSpeeds) -> None:
    plain, travel = RoadTravelTimes(NETWORK), roads(known).at(MONDAY_8)
    expected, found = plain.matrix([FROM, TO], [TO, FROM]), travel.matrix([FROM, TO], [TO, FROM])
    assert [column.tolist() for column in found] == [column.tolist() for column in expected]
    assert plain.at(MONDAY_8) is plain


def test_straight_lines_know_no_hours() -> None:
    straight = StraightLineTravelTimes()
    assert straight.at(MONDAY_8) is straight


def test_only_a_few_hours_are_kept_ready() -> None:
    speeds = learned(*((1, hour, 50.0, 300) for hour in range(10)))
    hours = HourlyRoads(RoadTravelTimes(NETWORK), speeds.week_speeds(NETWORK), 3)
    first = hours.at(0)
    assert hours.at(0) is first
    kept = [hours.at(hour) for hour in range(1, MOST_HOURS)]
    assert hours.at(0) is first
    hours.at(MOST_HOURS)
    assert hours.at(0) is not first
    assert hours.at(MOST_HOURS - 1) is kept[-1]


def test_newer_speeds_take_the_place_of_older_ones() -> None:
    old = roads(learned((1, 8, 95.0, 300)))
    none = learned()
    assert seconds(old.with_speeds(none.week_speeds(NETWORK), 4).at(MONDAY_8)) == seconds(old)
