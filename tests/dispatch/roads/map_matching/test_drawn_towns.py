"""Map matching where the answer can be seen with bare eyes."""

from __future__ import annotations

import numpy as np
import pytest

from dispatch.roads.importing.restrictions import TurnRestriction
from dispatch.roads.map_matching.track import Track
from tests.dispatch.roads.map_matching.drawn import (
    Place,
    drive,
    permitted,
    town,
    track,
    ways,
    whole,
)


def eastwards(*, first: float, last: float, step: float, north: float) -> list[Place]:
    return [(float(east), north) for east in np.arange(first, last + 1, step)]


def test_between_parallel_roads_the_one_that_the_track_came_by_is_kept() -> None:
    """Thirty metres apart, not joined: two positions strayed towards the other road."""
    network = town({1: (0, 0), 2: (1000, 0), 3: (0, 30), 4: (1000, 30)}, {1: [1, 2], 2: [3, 4]})
    places = eastwards(first=50, last=950, step=100, north=2)
    places[4], places[5] = (450, 19), (550, 18)
    assert ways(network, whole(drive(network, track(places)))) == [1]


def test_on_a_pair_of_one_way_roads_the_direction_of_driving_decides() -> None:
    """The positions lie nearer to the carriageway of the other direction."""
    network = town(
        {1: (0, 0), 2: (1000, 0), 3: (1000, 12), 4: (0, 12)},
        {1: [1, 2], 2: [3, 4], 3: [2, 3], 4: [4, 1]},
        oneway=(1, 2),
    )
    there = eastwards(first=100, last=900, step=100, north=8)
    assert ways(network, whole(drive(network, track(there)))) == [1]
    assert ways(network, whole(drive(network, track(there[::-1])))) == [2]


def test_a_reported_course_tells_the_direction_of_a_single_stretch() -> None:
    network = town({1: (0, 0), 2: (1000, 0)}, {1: [1, 2]})
    places: list[Place] = [(500, 3), (525, 3)]
    back = whole(drive(network, track(places, course_deg=[270, 270])))
    assert network.edge_from[back.edges].tolist() == [int(network.node_lon.argmax())]
    assert whole(drive(network, track(places))).edges.tolist() != back.edges.tolist()


def test_an_unknown_course_changes_nothing() -> None:
    network = town({1: (0, 0), 2: (1000, 0)}, {1: [1, 2]})
    places = eastwards(first=100, last=900, step=100, north=4)
    told = whole(drive(network, track(places, course_deg=[float("nan")] * len(places))))
    assert told.edges.tolist() == whole(drive(network, track(places))).edges.tolist()


def crossing() -> tuple[dict[int, Place], dict[int, list[int]]]:
    """A road east to 5, one north from it, and a way round by 6 and 7."""
    where: dict[int, Place] = {
        1: (0, 0), 5: (300, 0), 6: (360, 0), 7: (360, 80), 8: (300, 80), 9: (300, 400),
    }  # fmt: skip
    return where, {15: [1, 5], 56: [5, 6], 67: [6, 7], 78: [7, 8], 58: [5, 8], 89: [8, 9]}


def test_a_barred_turn_is_not_driven_also_where_it_is_the_shortest() -> None:
    where, streets = crossing()
    barred = TurnRestriction("no_left_turn", (15,), 5, (), (58,))
    places: list[Place] = [(100, 2), (200, -2), (280, 1), (301, 150), (299, 250), (302, 350)]
    free = town(where, streets)
    assert ways(free, whole(drive(free, track(places)))) == [15, 58, 89]
    bound = town(where, streets, restrictions=[barred])
    piece = whole(drive(bound, track(places)))
    assert ways(bound, piece) == [15, 56, 67, 78, 89]
    assert permitted(bound, piece)


def test_under_a_flyover_nobody_changes_roads() -> None:
    """Two roads cross and aren't joined; the positions beside the crossing lie between them."""
    network = town({1: (-500, 0), 2: (500, 0), 3: (0, -500), 4: (0, 500)}, {1: [1, 2], 2: [3, 4]})
    places: list[Place] = [(-400, 3), (-250, -4), (-100, 5), (4, 14), (100, 3), (250, 0), (400, 2)]
    piece = whole(drive(network, track(places)))
    assert ways(network, piece) == [1]
    assert piece.length_m == pytest.approx(800, abs=1)


def test_through_a_tunnel_without_positions_the_road_is_followed() -> None:
    """A hundred seconds without fixes on a bend; its length counts, not the straight line's."""
    network = town(
        {1: (0, 0), 2: (500, 0), 3: (900, 300), 4: (1300, 0), 5: (1800, 0)},
        {1: [1, 2], 2: [2, 3, 4], 3: [4, 5]},
    )
    before = eastwards(first=100, last=500, step=100, north=3)
    after = eastwards(first=1300, last=1700, step=100, north=-3)
    driven = track([*before, *after])
    times = driven.time_s + np.where(np.arange(len(driven)) >= len(before), 90.0, 0.0)
    piece = whole(drive(network, Track(times, driven.lat, driven.lon)))
    assert ways(network, piece) == [1, 2, 3]
    assert piece.length_m == pytest.approx(400 + 1000 + 400, abs=2)


def test_turning_round_is_matched_and_counted() -> None:
    network = town({1: (0, 0), 2: (400, 0), 3: (800, 0)}, {1: [1, 2], 2: [2, 3]})
    there = eastwards(first=100, last=400, step=100, north=5)
    piece = whole(drive(network, track([*there, *there[-2::-1]])))
    assert piece.edges.tolist() == [piece.edges[0], network.edge_twin[piece.edges[0]]]
    assert piece.length_m == pytest.approx(600, abs=1)
    assert np.diff(piece.along_m).min() >= 0


def test_one_who_stands_and_strays_drives_nowhere() -> None:
    network = town({1: (0, 0), 2: (1000, 0)}, {1: [1, 2]})
    standing: list[Place] = [(400, 4), (422, 4), (401, -3), (424, 6), (400, 1), (422, 0)]
    places = [*eastwards(first=100, last=300, step=100, north=2), *standing, (600, 2), (700, 1)]
    assert drive(network, track(places)).length_m == pytest.approx(600, abs=1)


def test_a_long_silence_splits_the_track() -> None:
    network = town({1: (0, 0), 2: (2000, 0)}, {1: [1, 2]})
    places = eastwards(first=100, last=1000, step=100, north=2)
    driven = track(places)
    times = driven.time_s + np.where(np.arange(len(driven)) >= 5, 200.0, 0.0)
    matched = drive(network, Track(times, driven.lat, driven.lon))
    assert [piece.position.tolist() for piece in matched.pieces] == [
        [0, 1, 2, 3, 4],
        [5, 6, 7, 8, 9],
    ]
    assert matched.length_m == pytest.approx(800, abs=1)


def test_an_outlier_is_left_out_and_the_rest_joins() -> None:
    network = town({1: (0, 0), 2: (2000, 0), 3: (0, 1500), 4: (2000, 1500)}, {1: [1, 2], 2: [3, 4]})
    places = eastwards(first=100, last=1000, step=100, north=2)
    places[5] = (600, 1502)
    piece = whole(drive(network, track(places)))
    assert piece.position.tolist() == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    assert piece.length_m == pytest.approx(900, abs=1)


def test_what_lies_beside_all_roads_is_in_no_piece() -> None:
    network = town({1: (0, 0), 2: (1000, 0)}, {1: [1, 2]})
    matched = drive(network, track(eastwards(first=100, last=900, step=100, north=500)))
    assert (matched.pieces, matched.length_m, matched.confidence) == ((), 0, None)


def test_positions_too_near_to_the_one_before_say_nothing_new() -> None:
    network = town({1: (0, 0), 2: (1000, 0)}, {1: [1, 2]})
    piece = whole(drive(network, track(eastwards(first=100, last=166, step=11, north=2))))
    assert piece.position.tolist() == [0, 2, 4, 6]


@pytest.mark.parametrize("count", [0, 1])
def test_hardly_any_positions_make_no_piece(count: int) -> None:
    network = town({1: (0, 0), 2: (1000, 0)}, {1: [1, 2]})
    places: list[Place] = [(500, 2)] * count
    driven = track(places)
    assert drive(network, driven).pieces == ()


def test_where_two_roads_are_as_likely_confidence_is_a_half() -> None:
    """Right between them, and neither direction ruled out: the model says so."""
    network = town({1: (0, 0), 2: (1000, 0), 3: (0, 20), 4: (1000, 20)}, {1: [1, 2], 2: [3, 4]})
    between = drive(network, track(eastwards(first=100, last=900, step=100, north=10)))
    assert between.confidence == pytest.approx(0.5, abs=0.01)
    beside = drive(network, track(eastwards(first=100, last=900, step=100, north=-5)))
    assert beside.confidence is not None
    assert beside.confidence > 0.99


def test_the_line_of_a_piece_is_as_long_as_the_piece() -> None:
    where, streets = crossing()
    network = town(where, streets)
    places: list[Place] = [(100, 2), (200, -2), (280, 1), (301, 150), (299, 250), (302, 350)]
    piece = whole(drive(network, track(places)))
    line = np.array(piece.line(network))
    east, north = network.plane.to_metres(line[:, 0], line[:, 1])
    assert np.hypot(np.diff(east), np.diff(north)).sum() == pytest.approx(piece.length_m, rel=1e-3)
