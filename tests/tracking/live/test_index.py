"""The live index against a linear scan."""

import math
import random
from collections.abc import Iterable

import pytest
from h3.api import basic_int as h3
from hypothesis import given
from hypothesis import strategies as st

from tracking.geo import distance_m
from tracking.live.index import LiveIndex, LivePosition

Found = list[tuple[int, float]]

# China and its neighbours, where no pentagon lies.
LATS = st.floats(18, 53)
LONS = st.floats(74, 134)


def at(vehicle_no: int, lat: float, lon: float, time_s: int = 1, digest: int = 0) -> LivePosition:
    return LivePosition(vehicle_no, time_s, digest, lat, lon)


@st.composite
def fleets(draw: st.DrawFn) -> tuple[float, float, list[LivePosition]]:
    """A place and vehicles around it: none, few, hundreds, in a yard or over a country."""
    lat, lon = draw(LATS), draw(LONS)
    chance = random.Random(draw(st.integers(0, 10_000)))
    spread_deg = draw(st.sampled_from([0.0, 0.0005, 0.01, 0.2, 5.0]))
    count = draw(st.sampled_from([0, 1, 9, 10, 11, 60, 400]))
    return lat, lon, [
        at(n, lat + chance.gauss(0, spread_deg), lon + chance.gauss(0, spread_deg))
        for n in range(count)
    ]  # fmt: skip


def index_of(positions: Iterable[LivePosition]) -> LiveIndex:
    index = LiveIndex()
    for position in positions:
        index.put(position)
    return index


def same(found: Found, expected: Found) -> bool:
    """The same vehicles in the same order, as far off."""
    apart_m = [abs(ours - theirs) for (_, ours), (_, theirs) in zip(found, expected, strict=True)]
    return [no for no, _ in found] == [no for no, _ in expected] and max(apart_m, default=0) < 1e-5


def scan(
    fleet: list[LivePosition], lat: float, lon: float, k: int, max_m: float
) -> list[tuple[int, float]]:
    all_m = sorted((distance_m(lat, lon, p.lat, p.lon), p.vehicle_no) for p in fleet)
    return [(v, m) for m, v in all_m[:k] if m <= max_m]


@given(
    fleets(),
    st.sampled_from([1, 3, 10, 50]),
    st.sampled_from([0.0, 50.0, 2_000.0, 50_000.0, math.inf]),
)
def test_nearest_equals_a_linear_scan(
    fleet: tuple[float, float, list[LivePosition]], k: int, max_m: float
) -> None:
    lat, lon, positions = fleet
    index = index_of(positions)
    assert same(index.nearest(lat, lon, k, max_m), scan(positions, lat, lon, k, max_m))


@given(
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.integers(0, 10_000),
    st.sampled_from([0.0, 0.01, 1.0, 40.0]),
)
def test_nearest_is_exact_at_poles_and_across_the_meridian_where_days_change(
    lat: float, lon: float, seed: int, spread_deg: float
) -> None:
    chance = random.Random(seed)
    fleet = []
    for n in range(600):
        east = lon + chance.gauss(0, spread_deg)
        north = math.degrees(math.asin(math.sin(math.radians(lat + chance.gauss(0, spread_deg)))))
        fleet.append(at(n, north, (east + 180) % 360 - 180))
    assert same(index_of(fleet).nearest(lat, lon, 10), scan(fleet, lat, lon, 10, math.inf))


@pytest.mark.parametrize("count", [30, 5000])
def test_of_vehicles_at_one_place_the_lower_numbers_are_named(count: int) -> None:
    """A yard in which receivers say the same, and a ring of others exactly as far off."""
    chance = random.Random(11)
    lat, lon = 45.75, 126.65
    fleet = [at(n, lat + 0.001 * (n % 3), lon) for n in range(count)]
    chance.shuffle(fleet)
    for k in (1, 7, 20):
        assert same(index_of(fleet).nearest(lat, lon, k), scan(fleet, lat, lon, k, math.inf))


def test_a_fleet_that_moves_is_found_where_it_is() -> None:
    chance = random.Random(5)
    index = LiveIndex()
    fleet: dict[int, LivePosition] = {}
    for time_s in range(60):
        for no in chance.sample(range(800), 100):
            moved = at(no, 40 + chance.gauss(0, 0.1), 116 + chance.gauss(0, 0.1), time_s)
            fleet[no] = moved
            assert index.put(moved)
        for no in chance.sample(range(800), 5):
            assert index.remove(no) is (fleet.pop(no, None) is not None)
        lat, lon = 40 + chance.gauss(0, 0.1), 116 + chance.gauss(0, 0.1)
        there = list(fleet.values())
        assert same(index.nearest(lat, lon, 10), scan(there, lat, lon, 10, math.inf))


def test_nearest_is_exact_in_a_dense_city() -> None:
    chance = random.Random(3)
    fleet = [
        at(n, 45.75 + chance.gauss(0, 0.05), 126.65 + chance.gauss(0, 0.07)) for n in range(3000)
    ]
    index = index_of(fleet)
    for _ in range(30):
        lat, lon = 45.75 + chance.gauss(0, 0.08), 126.65 + chance.gauss(0, 0.1)
        assert same(index.nearest(lat, lon, 10), scan(fleet, lat, lon, 10, math.inf))


@given(fleets())
def test_only_accepted_vehicles_are_near(
    fleet: tuple[float, float, list[LivePosition]],
) -> None:
    lat, lon, positions = fleet
    index = index_of(positions)
    odd = [p for p in positions if p.vehicle_no % 2]
    found = index.nearest(lat, lon, 5, accept=lambda p: p.vehicle_no % 2 == 1)
    assert same(found, scan(odd, lat, lon, 5, math.inf))


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 3), LATS, LONS)),
    st.sets(st.integers(0, 5)),
)
def test_the_newest_position_stays_whatever_the_order(
    puts: list[tuple[int, int, int, float, float]], removed: set[int]
) -> None:
    index = LiveIndex()
    newest: dict[int, LivePosition] = {}
    for vehicle_no, time_s, digest, lat, lon in puts:
        position = at(vehicle_no, lat, lon, time_s, digest)
        held = newest.get(vehicle_no)
        is_newer = held is None or (time_s, digest) > (held.time_s, held.digest)
        assert index.put(position) is is_newer
        if is_newer:
            newest[vehicle_no] = position
    for vehicle_no in removed:
        assert index.remove(vehicle_no) is (newest.pop(vehicle_no, None) is not None)
    assert {p.vehicle_no: p for p in index} == newest
    assert index.in_bounds(-90, -180, 90, 180) == [newest[v] for v in sorted(newest)]
    assert len(index) == len(newest)
    for vehicle_no, position in newest.items():
        assert index.get(vehicle_no) == position
        assert index.cell(vehicle_no) == h3.latlng_to_cell(position.lat, position.lon, 9)


@given(fleets(), st.floats(-2, 2), st.floats(-2, 2), st.floats(0, 3))
def test_a_box_holds_what_a_scan_finds(
    fleet: tuple[float, float, list[LivePosition]], dy: float, dx: float, size: float
) -> None:
    lat, lon, positions = fleet
    index = index_of(positions)
    south, west, north, east = lat + dy, lon + dx, lat + dy + size, lon + dx + size
    assert index.in_bounds(south, west, north, east) == [
        p for p in positions if south <= p.lat <= north and west <= p.lon <= east
    ]


@given(fleets(), st.integers(2, 9))
def test_cells_of_any_resolution_hold_their_vehicles(
    fleet: tuple[float, float, list[LivePosition]], resolution: int
) -> None:
    lat, lon, positions = fleet
    index = index_of(positions)
    asked = h3.latlng_to_cell(lat, lon, resolution)
    assert index.in_cells([asked, asked]) == [
        p
        for p in positions
        if h3.cell_to_parent(h3.latlng_to_cell(p.lat, p.lon, 9), resolution) == asked
    ]


def test_a_cell_finer_than_the_index_is_refused() -> None:
    with pytest.raises(ValueError, match="too fine"):
        LiveIndex().in_cells([h3.latlng_to_cell(45.0, 126.0, 10)])
    with pytest.raises(ValueError, match="not an H3 cell"):
        LiveIndex().in_cells([12345])


def test_nobody_is_near_in_an_empty_index() -> None:
    assert LiveIndex().nearest(45.0, 126.0, 10) == []
    assert LiveIndex().nearest(45.0, 126.0, 0) == []
