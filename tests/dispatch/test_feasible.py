"""A place that no car reaches is named, with what to change."""

from datetime import UTC, datetime

import pytest

from dispatch.requests.errors import PlaceOutsideMap, UnreachablePlace
from dispatch.requests.feasible import check_places, standings
from dispatch.roads.importing.building import build_network
from dispatch.roads.road_travel_times import RoadTravelTimes, Standing
from dispatch.roads.straight_line import StraightLineTravelTimes
from dispatch.schemas import RequestIn
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
