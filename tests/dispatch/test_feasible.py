"""A place that no car reaches, or not in the time asked for, is named, with what to change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.requests.errors import PlaceOutsideMap, RideTooShort, UnreachablePlace
from dispatch.requests.feasible import check_places, check_way, standings, way_wished
from dispatch.requests.schemas import RequestIn
from dispatch.roads.importing.building import build_network
from dispatch.roads.road_travel_times import RoadTravelTimes, Standing
from dispatch.roads.straight_line import StraightLineTravelTimes
from tests.dispatch.roads.hand_made import line

# A block of streets, and far off a lane that nothing joins.
WHERE = {
    1: (43.30, 114.60),
    2: (43.30, 114.61),
    3: (43.31, 114.61),
    4: (43.31, 114.60),
    5: (43.50, 114.90),
    6: (43.50, 114.91),
}
BLOCK, LANE, FIELD, ABROAD = (43.3001, 114.605), (43.50, 114.905), (43.40, 114.80), (20.0, 110.0)
KM_OF_A_DEGREE = 111.2


@pytest.fixture(scope="module")
def roads() -> RoadTravelTimes:
    return RoadTravelTimes(build_network([line(1, (1, 2, 3, 4, 1), WHERE), line(2, (5, 6), WHERE)]))


def wish(
    origin: tuple[float, float], destination: tuple[float, float], **more: object
) -> RequestIn:
    places = (("origin", "甲地", origin), ("destination", "乙地", destination))
    return RequestIn.model_validate(
        {
            "passengers": 1,
            "purpose": "meeting",
            "purpose_text": "参加会议",
            "start": datetime(2026, 5, 1, 9, tzinfo=UTC),
            "end": datetime(2026, 5, 1, 10, tzinfo=UTC),
            **{
                part: {"name": name, "latitude": at[0], "longitude": at[1]}
                for part, name, at in places
            },
            **more,
        }
    )


@pytest.mark.parametrize(
    ("point", "standing"),
    [
        (BLOCK, Standing.REACHED),
        (LANE, Standing.CUT_OFF),
        (FIELD, Standing.CUT_OFF),
        (ABROAD, Standing.OUTSIDE),
    ],
)
def test_a_point_stands_on_the_map_or_off_it(
    roads: RoadTravelTimes, point: tuple[float, float], standing: Standing
) -> None:
    assert roads.standing(point) is standing


@pytest.mark.parametrize("point", [LANE, FIELD])
def test_a_place_that_no_road_joins_is_refused_by_its_name(
    roads: RoadTravelTimes, point: tuple[float, float]
) -> None:
    asked = wish(BLOCK, point, outside_map=True)
    with pytest.raises(UnreachablePlace, match="乙地: choose a point beside a road") as refusal:
        check_places(asked, standings(asked, roads))
    assert refusal.value.facts["place"] == "destination"


def test_a_place_outside_the_map_is_taken_where_it_is_meant(roads: RoadTravelTimes) -> None:
    asked = wish(ABROAD, BLOCK)
    with pytest.raises(PlaceOutsideMap, match="甲地 lies outside"):
        check_places(asked, standings(asked, roads))
    check_places(wish(ABROAD, BLOCK, outside_map=True), standings(asked, roads))
    check_places(wish(BLOCK, BLOCK), standings(wish(BLOCK, BLOCK), roads))


def test_without_a_map_every_place_is_taken() -> None:
    asked = wish(ABROAD, FIELD)
    assert standings(asked, StraightLineTravelTimes()) == standings(asked, None) == {}
    check_places(asked, {})


@given(km=st.floats(1.0, 3000.0), short_s=st.floats(1.0, 60.0))
def test_a_ride_that_no_car_may_drive_so_fast_is_refused_with_the_time_it_takes(
    km: float, short_s: float
) -> None:
    north = (BLOCK[0] - km / KM_OF_A_DEGREE, BLOCK[1])
    start = datetime(2026, 5, 1, 9, tzinfo=UTC)
    least = timedelta(hours=km / 120)
    way = way_wished(wish(BLOCK, north, round_trip=False))
    with pytest.raises(RideTooShort) as refusal:
        check_way(way, (start, start + least * 0.99 - timedelta(seconds=short_s)), None)
    minutes = refusal.value.facts["least_minutes"]
    assert isinstance(minutes, int)
    check_way(way, (start, start + timedelta(minutes=minutes)), None)
    assert minutes == pytest.approx(least / timedelta(minutes=1), rel=0.01, abs=1)
