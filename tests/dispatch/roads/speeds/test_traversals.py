"""What a matched track teaches: paces by way and hour, and what it doesn't."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from dispatch.roads.map_matching.track import Track
from dispatch.roads.network import RoadNetwork
from dispatch.roads.speeds.traversals import Traversals, hours_of_week, traversals
from dispatch.roads.speeds.week_speeds import HOURS, hour_of_week
from tests.dispatch.roads.map_matching.drawn import Place, drive, town, track

MONDAY_8 = datetime(2026, 11, 16, 0, 0, tzinfo=UTC)  # in China it is 8 in the morning


def taught(network: RoadNetwork, driven: Track, begins: datetime = MONDAY_8) -> Traversals:
    driven = Track(driven.time_s - driven.time_s[0] + begins.timestamp(), driven.lat, driven.lon)
    return traversals(network, driven.time_s, drive(network, driven))


def test_the_pace_is_that_of_the_positions_and_the_hour_that_of_china() -> None:
    """36 km/h on way 1 for 500 m, then 18 km/h on way 2."""
    network = town({1: (0, 0), 2: (500, 0), 3: (1000, 0)}, {1: [1, 2], 2: [2, 3]})
    fast: list[Place] = [(50.0 * n, 0) for n in range(11)]
    slow: list[Place] = [(500 + 25.0 * n, 0) for n in range(1, 21)]
    found = taught(network, track([*fast, *slow], every_s=5))
    assert (found.cell // HOURS).tolist() == [1, 2]
    assert (found.cell % HOURS).tolist() == [8, 8]
    assert found.pace_s_km == pytest.approx([100, 200], rel=0.01)
    assert found.map_pace_s_km == pytest.approx([3600 / 25] * 2, rel=0.01)


def test_a_few_metres_of_a_way_teach_nothing() -> None:
    network = town({1: (0, 0), 2: (500, 0), 3: (1000, 0)}, {1: [1, 2], 2: [2, 3]})
    places: list[Place] = [(50.0 * n, 0) for n in range(11)]
    found = taught(network, track([*places, (540, 0)]))
    assert (found.cell // HOURS).tolist() == [1]


def test_the_silence_of_a_parked_vehicle_is_no_slow_road() -> None:
    network = town({1: (0, 0), 2: (2000, 0)}, {1: [1, 2]})
    driven = track([(100.0 * n, 0) for n in range(1, 11)])
    times = driven.time_s + np.where(np.arange(10) >= 5, 3600.0, 0.0)
    found = taught(network, Track(times, driven.lat, driven.lon))
    assert found.pace_s_km == pytest.approx([100, 100], rel=0.01)
    assert (found.cell % HOURS).tolist() == [8, 9]


def test_a_road_that_is_as_likely_as_two_others_teaches_nothing() -> None:
    beside = {1: (0.0, 0.0), 2: (1000.0, 0.0), 3: (0.0, 4.0), 4: (1000.0, 4.0)}
    alone = town(beside, {1: [1, 2]})
    driven = track([(100.0 * n, 4) for n in range(1, 10)])
    assert len(taught(alone, driven).cell) == 1
    three = town({**beside, 5: (0.0, 8.0), 6: (1000.0, 8.0)}, {1: [1, 2], 2: [3, 4], 3: [5, 6]})
    few = track([(100.0, 4), (200.0, 4)])
    assert len(taught(three, few).cell) == 0


def test_hours_of_arrays_are_those_of_instants() -> None:
    instants = [MONDAY_8 + timedelta(hours=n, minutes=n % 60) for n in range(-200, 200)]
    found = hours_of_week(np.array([one.timestamp() for one in instants]))
    assert found.tolist() == [hour_of_week(one) for one in instants]
