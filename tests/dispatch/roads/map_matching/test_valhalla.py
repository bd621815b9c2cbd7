"""Matching by a Valhalla service: what it tells, and what it leaves to our own matcher."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.roads.map_matching.polyline import decode_polyline
from dispatch.roads.map_matching.track import Track
from dispatch.roads.map_matching.valhalla import REST_S, Valhalla, lines_of
from tests.dispatch.roads.map_matching.valhalla_service import ROAD, Service, answer, encoded

TRACK = Track(
    np.array([0.0, 10.0, 20.0]), np.array([43.3, 43.301, 43.302]), np.array([114.6, 114.6, 114.6])
)


async def test_the_roads_that_it_tells_are_a_line(service: Service) -> None:
    lines = await Valhalla(f"{service.url}/", 20).match(TRACK)
    assert lines is not None
    [line] = lines
    assert line == ROAD
    [(path, question)] = service.asked
    assert path == "/trace_attributes"
    assert (question["costing"], question["shape_match"]) == ("auto", "map_snap")
    shape = question["shape"]
    assert isinstance(shape, list)
    assert shape[1] == {"lat": 43.301, "lon": 114.6, "time": 10.0}


def test_the_line_breaks_where_the_route_does() -> None:
    points = [
        {"type": "matched", "edge_index": 0, "begin_route_discontinuity": True},
        {"type": "matched", "edge_index": 1, "end_route_discontinuity": True},
    ]
    broken = lines_of(json.dumps(answer(matched_points=points)).encode())
    assert [len(line) for line in broken] == [2, 2]
    apart = [
        {"begin_shape_index": 0, "end_shape_index": 0},
        {"begin_shape_index": 1, "end_shape_index": 2},
    ]
    assert [len(line) for line in lines_of(json.dumps(answer(edges=apart)).encode())] == [2]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, b'{"error_code": 171, "error": "No suitable edges near location"}'),
        (200, b"no JSON"),
        (200, b"\xff\x00" * 20),
        (200, b"[" * 100_000),
        (200, json.dumps(answer(shape="\x01")).encode()),
        (200, json.dumps(answer(shape=encoded(ROAD)[:-1])).encode()),
        (200, json.dumps(answer(shape=encoded(ROAD)[:7])).encode()),
        (200, json.dumps(answer(shape=encoded([(91.0, 0.0)]))).encode()),
        (200, json.dumps(answer(shape="~" * 99)).encode()),
        (200, json.dumps(answer(edges=[{"begin_shape_index": 0, "end_shape_index": 9}])).encode()),
        (200, json.dumps(answer(edges=[{"begin_shape_index": 2, "end_shape_index": 1}])).encode()),
        (200, json.dumps(answer(matched_points=[{"type": "unmatched"}])).encode()),
        (200, json.dumps(answer(edges=[])).encode()),
        (200, b"{}"),
    ],
)
async def test_who_refuses_a_track_or_answers_nonsense_is_asked_again_for_the_next(
    service: Service, status: int, body: bytes
) -> None:
    valhalla = Valhalla(service.url, 20)
    service.status, service.body = status, body
    assert await valhalla.match(TRACK) is None
    service.status, service.body = 200, json.dumps(answer()).encode()
    assert await valhalla.match(TRACK) is not None


@pytest.mark.parametrize("trouble", ["away", "silent", "broken", "endless"])
async def test_a_service_in_trouble_is_left_alone_for_a_minute(
    service: Service, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = 0.0
    patience_s = 0.2 if trouble == "silent" else 20.0
    url = "http://127.0.0.1:1" if trouble == "away" else service.url
    valhalla = Valhalla(url, patience_s, clock=lambda: now_s)
    match trouble:
        case "silent":
            service.may_answer.clear()
        case "broken":
            service.status = 503
        case "endless":
            monkeypatch.setattr("dispatch.roads.map_matching.valhalla.MOST_BYTES", 10)
    assert await valhalla.match(TRACK) is None
    asked = len(service.asked)
    assert await valhalla.match(TRACK) is None
    assert len(service.asked) == asked
    now_s = REST_S
    if trouble == "broken":
        service.status = 200
        assert await valhalla.match(TRACK) is not None


async def test_one_position_is_no_track(service: Service) -> None:
    lone = Track(TRACK.time_s[:1], TRACK.lat[:1], TRACK.lon[:1])
    assert await Valhalla(service.url, 20).match(lone) is None
    assert service.asked == []


DEGREES = st.tuples(
    st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000)
).map(lambda one: (one[0] / 1e6, one[1] / 1e6))


@given(st.lists(DEGREES, max_size=20))
def test_any_line_is_read_as_it_was_written(points: list[tuple[float, float]]) -> None:
    assert decode_polyline(encoded(points)) == points


def test_the_line_of_the_format_s_own_description_is_read() -> None:
    points = decode_polyline("_p~iF~ps|U_ulLnnqC_mqNvxq`@", digits=5)
    assert points == [(38.5, -120.2), (40.7, -120.95), (43.252, -126.453)]
