"""Turn restrictions, one-ways, barriers and access rules, each on a small file drawn by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dispatch.roads.errors import NoWay
from dispatch.roads.importing.building import build_network
from dispatch.roads.importing.reading import read_extract
from dispatch.roads.network import LatLon
from dispatch.roads.road_travel_times import RoadTravelTimes
from dispatch.roads.shortest import DijkstraEngine
from dispatch.roads.turns import U_TURN_MS
from tests.dispatch.roads.osm_text import Member, OsmFile

# Nine corners, about 1.1 km by 0.8 km a block; the way between corners a < b is number ab.
#   7 - 8 - 9
#   4 - 5 - 6
#   1 - 2 - 3
CORNERS = {
    1 + column + 3 * row: (43.30 + 0.01 * row, 114.60 + 0.01 * column)
    for row in range(3)
    for column in range(3)
}
BLOCKS = {
    10 * a + b: [a, b]
    for a in CORNERS
    for b in CORNERS
    if b == a + 3 or (b == a + 1 and a % 3 != 0)
}
Drive = Callable[[OsmFile], RoadTravelTimes]


def blocks() -> OsmFile:
    return OsmFile(CORNERS, dict(BLOCKS))


@pytest.fixture(params=["hierarchy", "dijkstra"])
def drive(request: pytest.FixtureRequest, tmp_path: Path) -> Drive:
    """Read a file and make its roads ready, by either engine."""

    def ready(drawn: OsmFile) -> RoadTravelTimes:
        extract = read_extract(drawn.write(tmp_path / "drawn.osm"))
        network = build_network(extract.lines, extract.restrictions, extract.barriers)
        dijkstra = request.param == "dijkstra"
        return RoadTravelTimes(network, engine=DijkstraEngine(network.turns) if dijkstra else None)

    return ready


def near(junction: int, other: int) -> LatLon:
    """A point on the street between two corners, a tenth of it from the first."""
    (lat, lon), (far_lat, far_lon) = CORNERS[junction], CORNERS[other]
    return lat + 0.1 * (far_lat - lat), lon + 0.1 * (far_lon - lon)


def passed(travel: RoadTravelTimes, start: LatLon, end: LatLon) -> list[int]:
    """The corners on the route; its figures agree with the matrix."""
    route = travel.route(start, end)
    durations, distances = travel.matrix([start], [end])
    assert durations[0, 0] == pytest.approx(route.duration_s)
    assert distances[0, 0] == pytest.approx(route.distance_m)
    assert travel.durations([start], [end]) == pytest.approx(durations)
    named = {(round(lat, 6), round(lon, 6)): corner for corner, (lat, lon) in CORNERS.items()}
    places = [(round(lat, 6), round(lon, 6)) for lat, lon in route.path[1:-1]]
    return [named[place] for place in places]


def over(from_way: int, via: int, to_way: int) -> list[Member]:
    return [("way", from_way, "from"), ("node", via, "via"), ("way", to_way, "to")]


def turns_directly(travel: RoadTravelTimes, a: int, b: int) -> bool:
    """Whether a car may come from corner a over corner 5 and go on to corner b."""
    return passed(travel, near(5, a), near(5, b)) == [5]


@pytest.mark.parametrize(
    ("kind", "from_way", "to_way", "barred"),
    [
        ("no_left_turn", 25, 45, {(2, 4)}),
        ("no_right_turn", 25, 56, {(2, 6)}),
        ("no_straight_on", 25, 58, {(2, 8)}),
        ("no_entry", 25, 45, {(2, 4)}),
        ("no_exit", 25, 45, {(2, 4)}),
        ("only_left_turn", 25, 45, {(2, 6), (2, 8)}),
        ("only_right_turn", 25, 56, {(2, 4), (2, 8)}),
        ("only_straight_on", 25, 58, {(2, 4), (2, 6)}),
        ("only_u_turn", 25, 25, {(2, 4), (2, 6), (2, 8)}),
    ],
)
def test_a_turn_restriction_bars_its_turns_and_no_others(
    drive: Drive, kind: str, from_way: int, to_way: int, barred: set[tuple[int, int]]
) -> None:
    travel = drive(blocks().restrict(kind, over(from_way, 5, to_way)))
    arms = (2, 4, 6, 8)
    found = {(a, b) for a in arms for b in arms if a != b and not turns_directly(travel, a, b)}
    assert found == barred


def test_several_roads_may_be_barred_from_entering_one(drive: Drive) -> None:
    members = [("way", 25, "from"), *over(56, 5, 45)]
    travel = drive(blocks().restrict("no_entry", members))
    assert not turns_directly(travel, 2, 4)
    assert not turns_directly(travel, 6, 4)
    assert turns_directly(travel, 8, 4)


@pytest.mark.parametrize(
    "tags",
    [
        {"except": "psv;motorcar"},
        {"except": "psv,motorcar"},
        {"type": "restriction:hgv"},
        {"restriction__motorcar": "none"},
        {"restriction": "", "restriction__hgv": "no_left_turn"},
        {"restriction": "", "restriction__conditional": "no_left_turn @ (07:00-09:00)"},
        {"hour_on": "07:00", "hour_off": "09:00"},
        {"restriction": "no_such_turn"},
        {"type": "route"},
    ],
)
def test_what_binds_others_or_only_at_some_hours_is_not_kept(
    drive: Drive, tags: dict[str, str]
) -> None:
    drawn = blocks().restrict("no_left_turn", over(25, 5, 45), **tags)
    assert turns_directly(drive(drawn), 2, 4)


@pytest.mark.parametrize(
    "tags",
    [
        {"except": "psv"},
        {"restriction": "", "restriction__motorcar": "no_left_turn"},
        {"type": "restriction:motorcar"},
        {"restriction": "no_left_turn;no_u_turn"},
        {"restriction": "No_U_Turn; No_Left_Turn"},
    ],
)
def test_what_binds_cars_is_kept(drive: Drive, tags: dict[str, str]) -> None:
    drawn = blocks().restrict("no_left_turn", over(25, 5, 45), **tags)
    assert not turns_directly(drive(drawn), 2, 4)


def test_restrictions_for_some_hours_are_counted(tmp_path: Path) -> None:
    drawn = blocks().restrict("no_left_turn", over(25, 5, 45), hour_on="07:00")
    drawn.restrict("", over(25, 5, 45), restriction__conditional="no_u_turn @ (Mo-Fr)")
    extract = read_extract(drawn.write(tmp_path / "drawn.osm"))
    assert (extract.restrictions, extract.conditional_restrictions) == ((), 2)


def test_restrictions_that_can_t_be_made_out_are_counted(tmp_path: Path) -> None:
    drawn = blocks().restrict("no_straight;no_left_turn", over(25, 5, 45))
    drawn.restrict("no_u_turn", [])
    extract = read_extract(drawn.write(tmp_path / "drawn.osm"))
    assert [one.kind for one in extract.restrictions] == ["no_left_turn"]
    assert extract.unclear_restrictions == 2


def test_an_incomplete_restriction_binds_nobody(drive: Drive) -> None:
    drawn = blocks()
    for members in (
        [],
        over(25, 5, 45)[:2],
        over(25, 5, 999),
        over(25, 9, 45),
        over(25, 5, 45)[1:],
    ):
        drawn.restrict("no_left_turn", members)
        drawn.restrict("only_right_turn", members)
    travel = drive(drawn)
    assert turns_directly(travel, 2, 4)
    assert turns_directly(travel, 2, 8)


def test_where_ways_pass_through_the_turn_s_name_says_which_roads_are_meant(drive: Drive) -> None:
    drawn = blocks()
    for way in (25, 58, 45, 56):
        del drawn.ways[way]
    drawn.ways |= {258: [2, 5, 8], 456: [4, 5, 6]}
    travel = drive(drawn.restrict("no_left_turn", over(258, 5, 456)))
    arms = (2, 4, 6, 8)
    barred = {(a, b) for a in arms for b in arms if a != b and not turns_directly(travel, a, b)}
    assert barred == {(2, 4), (8, 6)}


def test_no_run_over_via_ways_is_driven_though_each_turn_of_it_is(drive: Drive) -> None:
    members = [("way", 25, "from"), ("way", 56, "via"), ("way", 69, "to")]
    travel = drive(blocks().restrict("no_left_turn", members))
    assert passed(travel, near(5, 2), near(6, 9)) != [5, 6]
    assert passed(travel, near(5, 2), near(6, 3)) == [5, 6]
    assert passed(travel, near(5, 8), near(6, 9)) == [5, 6]
    assert passed(travel, near(5, 6), near(6, 9)) == [6]


def test_only_over_via_ways_binds_whoever_came_that_way(drive: Drive) -> None:
    members = [("way", 25, "from"), ("way", 56, "via"), ("way", 69, "to")]
    travel = drive(blocks().restrict("only_left_turn", members))
    assert passed(travel, near(5, 2), near(6, 9)) == [5, 6]
    assert passed(travel, near(5, 2), near(6, 3)) != [5, 6]
    assert passed(travel, near(5, 8), near(6, 3)) == [5, 6]
    assert turns_directly(travel, 2, 4)


def test_a_ban_over_two_via_ways_holds_whatever_their_order(drive: Drive) -> None:
    members = [("way", 69, "via"), ("way", 25, "from"), ("way", 56, "via"), ("way", 89, "to")]
    travel = drive(blocks().restrict("no_left_turn", members))
    assert passed(travel, near(6, 5), near(9, 8)) == [6, 9]
    assert passed(travel, near(5, 2), near(6, 9)) == [5, 6]
    drawn = blocks().restrict("no_left_turn", members)
    for way in (58, 45, 14):  # no other way than along the run, or back
        del drawn.ways[way]
    assert passed(drive(drawn), near(5, 2), near(9, 8)) != [5, 6, 9]


# A street from 1 over 2 to 3, where cars turn round, a branch to 4, and a long way from 3 to 4.
BRANCH = {1: (43.30, 114.60), 2: (43.30, 114.61), 3: (43.30, 114.612), 4: (43.31, 114.61)} | {
    5: (43.30, 114.70)
}


def branch() -> OsmFile:
    ways = {12: [1, 2], 23: [2, 3], 24: [2, 4], 354: [3, 5, 4]}
    return OsmFile(BRANCH, ways).restrict("no_left_turn", over(12, 2, 24))


def lons(travel: RoadTravelTimes) -> list[float]:
    return [round(lon, 4) for _, lon in travel.route((43.30, 114.609), (43.301, 114.61)).path]


def test_turning_round_takes_its_time_and_follows_a_barred_turn(drive: Drive) -> None:
    travel = drive(branch())
    assert lons(travel) == [114.609, 114.61, 114.612, 114.61, 114.61]
    route = travel.route((43.30, 114.609), (43.301, 114.61))
    driven_s = sum(leg.length_m / (leg.speed_kmh / 3.6) for leg in route.legs)
    assert route.duration_s == pytest.approx(driven_s + U_TURN_MS / 1000)
    assert travel.durations([(43.30, 114.609)], [(43.301, 114.61)])[0, 0] == pytest.approx(
        route.duration_s
    )


def test_nobody_turns_round_where_it_is_barred(drive: Drive) -> None:
    travel = drive(branch().restrict("no_u_turn", over(23, 3, 23)))
    assert max(lons(travel)) == 114.70


@pytest.mark.parametrize(
    ("oneway", "there", "back"),
    [
        ({"oneway": "yes"}, True, False),
        ({"oneway": "-1"}, False, True),
        ({"oneway": "no"}, True, True),
        ({"oneway": "yes", "oneway:motor_vehicle": "no"}, True, True),
        ({"motor_vehicle:backward": "no"}, True, False),
        ({"access:forward": "no"}, False, True),
        ({"junction": "roundabout"}, True, False),
    ],
)
def test_a_one_way_street_is_driven_its_way(
    drive: Drive, oneway: dict[str, str], there: bool, back: bool
) -> None:
    drawn = blocks()
    drawn.way_tags[45] = oneway
    travel = drive(drawn)
    assert (passed(travel, near(4, 1), near(5, 6)) == [4, 5]) is there
    assert (passed(travel, near(5, 6), near(4, 1)) == [5, 4]) is back


@pytest.mark.parametrize("tags", [{"oneway": "reversible"}, {"motor_vehicle": "no"}])
def test_a_road_that_no_car_may_count_on_is_not_driven(drive: Drive, tags: dict[str, str]) -> None:
    drawn = blocks()
    drawn.way_tags[45] = tags
    travel = drive(drawn)
    assert 45 not in travel.network.edge_way_id
    assert passed(travel, near(4, 1), near(5, 2)) != [4, 5]


BARRIERS = [
    ({"barrier": "bollard"}, False),
    ({"barrier": "block"}, False),
    ({"barrier": "gate"}, True),
    ({"barrier": "lift_gate"}, True),
    ({"barrier": "toll_booth"}, True),
    ({"barrier": "gate", "access": "private"}, False),
    ({"barrier": "gate", "access": "no", "motor_vehicle": "yes"}, True),
    ({"barrier": "gate", "access": "yes", "motor_vehicle": "no"}, False),
    ({"barrier": "gate", "locked": "yes"}, False),
    ({"barrier": "bollard", "motorcar": "yes"}, True),
    ({"barrier": "no"}, True),
    ({"barrier": "gate;bollard"}, False),
    ({"barrier": "Bollard"}, False),
    ({"barrier": "gate", "access": "private;no"}, False),
    ({"barrier": "gate", "access": "employees"}, False),
    ({"barrier": "gate", "access": "private;delivery"}, True),
]


@pytest.mark.parametrize(("tags", "open_to_cars"), BARRIERS)
def test_a_barrier_in_the_middle_of_a_street_cuts_it(
    drive: Drive, tags: dict[str, str], open_to_cars: bool
) -> None:
    drawn = blocks()
    drawn.where = {**CORNERS, 50: (43.31, 114.605)}
    drawn.ways[45] = [4, 50, 5]
    drawn.node_tags[50] = tags
    travel = drive(drawn)
    middle = [round(lon, 4) for _, lon in travel.route(near(4, 1), near(5, 6)).path]
    assert (114.605 in middle) is open_to_cars
    # Either side is reached up to the barrier.
    assert travel.route(near(4, 1), (43.31, 114.604)).distance_m < 600
    assert travel.route(near(5, 6), (43.31, 114.606)).distance_m < 600


@pytest.mark.parametrize("value", ["destination", "customers", "delivery", "permit"])
def test_a_road_for_its_own_visitors_is_entered_and_left_but_not_driven_through(
    drive: Drive, value: str
) -> None:
    drawn = blocks()
    drawn.way_tags |= {45: {"access": value}, 56: {"motor_vehicle": value}}
    travel = drive(drawn)
    assert passed(travel, near(4, 1), near(5, 2)) != [4, 5]
    assert passed(travel, near(4, 1), near(5, 4)) == [4]
    assert passed(travel, near(5, 4), near(4, 1)) == [4]
    assert passed(travel, near(5, 4), near(5, 6)) == [5]
    assert passed(travel, near(4, 5), near(6, 9)) == [5, 6]
    assert passed(travel, near(4, 7), near(5, 6)) == [4, 5]  # together they are one place
    assert turns_directly(travel, 2, 8)


def test_a_more_specific_key_overrules_a_wider_one(drive: Drive) -> None:
    drawn = blocks()
    drawn.way_tags[45] = {"access": "no", "vehicle": "private", "motorcar": "yes"}
    assert passed(drive(drawn), near(4, 1), near(5, 2)) == [4, 5]


def test_round_a_block_to_what_lies_just_behind(drive: Drive) -> None:
    drawn = blocks()
    drawn.way_tags[45] = {"oneway": "yes"}
    travel = drive(drawn)
    route = travel.route((43.31, 114.605), (43.31, 114.604))
    assert route.distance_m > 3_000
    durations, distances = travel.matrix([(43.31, 114.605)], [(43.31, 114.604)])
    assert durations[0, 0] == pytest.approx(route.duration_s)
    assert distances[0, 0] == pytest.approx(route.distance_m)


def test_where_no_way_leads_one_is_told_in_a_sentence(drive: Drive) -> None:
    # Whoever goes on from 1 to 2 can't come back, and 2 leads round by itself.
    where = {n: CORNERS[n] for n in (1, 2, 3, 5, 6)}
    ways = {12: [1, 2], 23: [2, 3], 36: [3, 6], 56: [6, 5], 25: [5, 2]}
    drawn = OsmFile(where, ways, {12: {"oneway": "yes"}})
    travel = drive(drawn)
    assert 12 not in travel.network.edge_way_id[travel.network.strong_edges]
    with pytest.raises(NoWay, match=r"^No road .*\.$"):
        travel.require_route(near(2, 3), near(1, 2))
