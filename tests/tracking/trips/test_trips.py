"""Behaviour of the trip machine, one sentence a test, on tracks written in metres."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from tests.tracking.tracks import Pen
from tracking.geo import distance_m
from tracking.trips.advance import LatePosition, advance, open_stop, open_trip
from tracking.trips.odometer import Integers
from tracking.trips.positions import PositionArrays
from tracking.trips.rules import TripRules
from tracking.trips.state import TripState
from tracking.trips.values import (
    StopEnded,
    StopStarted,
    Trip,
    TripEnded,
    TripEvent,
    TripStarted,
)

RULES = TripRules()


def follow(pen: Pen, rules: TripRules = RULES) -> tuple[TripState, list[TripEvent]]:
    return advance(TripState(), pen.arrays(), rules)


def trips(pen: Pen, rules: TripRules = RULES) -> list[Trip]:
    return [e.trip for e in follow(pen, rules)[1] if isinstance(e, TripEnded)]


def kinds(events: list[TripEvent]) -> list[type]:
    return [type(event) for event in events]


@pytest.mark.parametrize("every_s", [1, 10, 30])
@pytest.mark.parametrize("speed_known", [True, False])
def test_a_drive_between_two_rests_is_one_trip_with_its_metres(
    every_s: int, speed_known: bool
) -> None:
    pen = Pen(every_s=every_s, speed_known=speed_known).rest(900).drive(5000).rest(900)
    (trip,) = trips(pen)
    assert trip.distance_m == pytest.approx(pen.driven_m, abs=25)
    assert sum(trip.pair_m) == trip.distance_m
    assert len(trip.pair_m) == len(trip.offsets_s) - 1 == len(trip.lats) - 1
    assert trip.gaps == ()
    assert trip.max_speed_kmh == (40.0 if speed_known else None)


def test_stops_and_trips_follow_each_other_without_a_hole() -> None:
    _, events = follow(Pen().rest(900).drive(5000).rest(900).drive(3000, course_deg=90).rest(900))
    assert kinds(events) == [
        StopStarted, StopEnded, TripStarted, TripEnded,
        StopStarted, StopEnded, TripStarted, TripEnded, StopStarted,
    ]  # fmt: skip
    times = [
        event.trip.ended_at_s
        if isinstance(event, TripEnded)
        else event.started_at_s
        if isinstance(event, TripStarted)
        else event.stop.ended_at_s or event.stop.started_at_s
        for event in events
    ]
    assert times[1:3] == [times[1]] * 2
    assert times[3] == times[4]


def test_a_trip_starts_at_the_last_resting_position() -> None:
    pen = Pen(every_s=30).rest(900)
    last_rest = pen.rows[-1]
    (trip,) = trips(pen.drive(4000, kmh=60).rest(900))
    assert (trip.started_at_s, *trip.start) == last_rest[:3]


@pytest.mark.parametrize("seed", range(5))
def test_drift_while_parked_makes_no_trip_and_no_metres(seed: int) -> None:
    pen = Pen()
    pen.chance.seed(seed)
    state, events = follow(pen.rest(8 * 3600, drift_m=48))
    assert kinds(events) == [StopStarted]
    assert open_trip(state, RULES) is None
    assert open_stop(state) is not None


def test_drift_that_settles_beyond_the_radius_keeps_the_stop() -> None:
    pen = Pen().rest(900)
    pen.go(90).rest(1200, drift_m=20).go(-90).rest(900)
    assert kinds(follow(pen)[1]) == [StopStarted]


@pytest.mark.parametrize("metres", [300, 4000, 90_000])
@pytest.mark.parametrize("positions", [1, 2])
def test_a_spike_out_and_back_while_parked_makes_no_trip(metres: int, positions: int) -> None:
    pen = Pen().rest(900).spike(metres, positions).rest(900)
    assert kinds(follow(pen)[1]) == [StopStarted]


@pytest.mark.parametrize("positions", [1, 3, 6])
def test_an_impossible_spike_on_the_way_adds_no_metres(positions: int) -> None:
    pen = Pen().rest(900).drive(3000)
    pen.spike(20_000, positions).drive(3000).rest(900)
    (trip,) = trips(pen)
    # The positions left out are 111 m apart, which the vehicle stood still meanwhile.
    assert trip.distance_m == pytest.approx(pen.driven_m, abs=25)
    assert max(lon for lon in trip.lons) < 126.66


def test_a_jump_that_lasts_is_believed_but_not_driven() -> None:
    pen = Pen().rest(900)
    pen.go(30_000).rest(1800)
    _, events = follow(pen)
    assert kinds(events) == [StopStarted, StopEnded, StopStarted]


def test_a_jump_is_judged_from_the_newest_position_even_if_it_departs() -> None:
    pen = Pen().rest(900)
    pen.go(90_000).rest(50).drive(220, kmh=40)
    state, _ = follow(pen)
    assert state.last is not None
    assert state.last.time_s == pen.rows[-1][0]


def test_a_jump_on_the_way_keeps_the_trip_with_unknown_metres() -> None:
    pen = Pen().rest(900).drive(3000)
    pen.go(40_000).drive(3000).rest(900)
    (trip,) = trips(pen)
    (gap,) = trip.gaps
    assert trip.pair_m[gap] == 0
    assert trip.distance_m == pytest.approx(6000, abs=200)


def test_a_tunnel_is_one_trip_with_a_marked_gap() -> None:
    pen = Pen().rest(900).drive(3000)
    pen.silence(600).go(9000).drive(3000).rest(900)
    (trip,) = trips(pen)
    assert len(trip.gaps) == 1
    assert trip.pair_m[trip.gaps[0]] == pytest.approx(9000, abs=150)
    assert trip.distance_m == pytest.approx(pen.driven_m, abs=30)


def test_silence_while_parked_keeps_the_stop() -> None:
    pen = Pen().rest(900).silence(9 * 3600).rest(900, drift_m=30)
    state, events = follow(pen)
    assert kinds(events) == [StopStarted]
    stop = open_stop(state)
    assert stop is not None
    assert stop.started_at_s == pen.rows[0][0]


def test_a_garage_without_reception_ends_the_trip_where_it_was_last_seen() -> None:
    pen = Pen().rest(900).drive(3000)
    seen_s = pen.rows[-1][0]
    pen.silence(8 * 3600).go(120).drive(4000).rest(900)
    first, second = trips(pen)
    assert first.ended_at_s == seen_s
    assert second.started_at_s > seen_s + 7 * 3600
    assert first.distance_m + second.distance_m == pytest.approx(pen.driven_m, abs=40)


def test_a_departure_in_a_silent_night_is_dated_by_the_way_and_marked() -> None:
    pen = Pen().rest(900).silence(10 * 3600).go(1000).drive(4000).rest(900)
    (trip,) = trips(pen)
    assert trip.gaps == (0,)
    assert 100 <= trip.offsets_s[1] <= 180
    assert trip.distance_m == pytest.approx(pen.driven_m, abs=25)


def test_a_red_light_neither_ends_a_trip_nor_adds_metres() -> None:
    pen = Pen(every_s=1, noise_m=2).rest(900).drive(2000).rest(200).drive(2000).rest(900)
    (trip,) = trips(pen)
    assert trip.distance_m == pytest.approx(pen.driven_m, rel=0.04)


def test_a_round_trip_counts_the_way_back() -> None:
    pen = Pen().rest(900).drive(3000).drive(3000, course_deg=180).rest(900)
    (trip,) = trips(pen)
    assert trip.distance_m == pytest.approx(6000, abs=150)
    assert distance_m(*trip.start, *trip.end) < 60


def test_a_shuffle_in_the_yard_is_no_trip() -> None:
    pen = Pen(every_s=5).rest(900).drive(40, kmh=8).drive(40, kmh=8, course_deg=180).rest(900)
    assert trips(pen) == []


def test_odometers_stand_beside_the_positions() -> None:
    pen = Pen().rest(900).drive(5000).rest(900)
    (trip,) = trips(pen)
    assert trip.odometer_m == pytest.approx(5000, abs=120)


def _absent_at_the_start(odometer: Integers) -> None:
    odometer[:150] = -1


def _absent_throughout(odometer: Integers) -> None:
    odometer[:] = -1


def _reset(odometer: Integers) -> None:
    odometer[120:] -= odometer[120]


def _rolled_over(odometer: Integers) -> None:
    odometer[:] = (odometer + 998_000) % 1_000_000


def _of_another_device(odometer: Integers) -> None:
    odometer[120:] += 400_000


def _stuck(odometer: Integers) -> None:
    odometer[:] = 77_000


@pytest.mark.parametrize(
    "spoil",
    [_absent_at_the_start, _absent_throughout, _reset, _rolled_over, _of_another_device, _stuck],
)
def test_an_odometer_that_cannot_be_believed_is_unknown(
    spoil: Callable[[Integers], None],
) -> None:
    track = Pen().rest(900).drive(5000).rest(900).arrays()
    spoil(track.odometer_m)
    _, events = advance(TripState(), track, RULES)
    (trip,) = [event.trip for event in events if isinstance(event, TripEnded)]
    assert trip.odometer_m is None
    assert trip.distance_m == pytest.approx(5000, abs=120)


@pytest.mark.parametrize("told", [float("nan"), -1.0, 6553.5])
def test_a_speed_that_no_vehicle_has_is_unknown(told: float) -> None:
    pen = Pen().rest(900)
    lat, lon = pen.rows[-1][1:3]
    pen.rows += [(pen.time_s + i, lat, lon, told, 0) for i in range(10)]
    pen.silence(20).drive(5000).rest(900)
    (trip,) = trips(pen)
    assert trip.max_speed_kmh == 40.0
    assert trip.started_at_s == pen.rows[99][0]


def test_an_open_trip_shows_what_is_driven_so_far() -> None:
    state, events = follow(Pen().rest(900).drive(5000))
    assert kinds(events)[-1] is TripStarted
    trip = open_trip(state, RULES)
    assert trip is not None
    assert trip.distance_m == pytest.approx(5000, abs=130)
    assert open_stop(state) is None


def test_an_endless_trip_is_cut_and_loses_no_metre() -> None:
    rules = TripRules(most_points=50)
    pen = Pen().rest(900).drive(40_000).rest(900)
    whole, parts = trips(pen), trips(pen, rules)
    assert len(whole) == 1 < len(parts)
    assert sum(part.distance_m for part in parts) == whole[0].distance_m
    for one, following in pairwise(parts):
        assert (one.ended_at_s, one.end) == (following.started_at_s, following.start)
        assert len(one.offsets_s) <= 50


def test_repeats_of_a_position_change_nothing() -> None:
    track = Pen().rest(900).drive(5000).rest(900).arrays()
    twice = np.repeat(np.arange(len(track)), 2)
    repeated = PositionArrays(
        track.time_s[twice], track.digest[twice], track.lat[twice], track.lon[twice],
        track.speed_kmh[twice], track.acc[twice], track.odometer_m[twice],
    )  # fmt: skip
    assert advance(TripState(), repeated, RULES) == advance(TripState(), track, RULES)


def test_a_late_position_is_refused() -> None:
    track = Pen().rest(900).drive(5000).arrays()
    state, _ = advance(TripState(), track, RULES)
    with pytest.raises(LatePosition):
        advance(state, track.part(0, 1), RULES)


def test_disorder_inside_a_batch_is_refused() -> None:
    with pytest.raises(ValueError, match="ordered"):
        PositionArrays.of([2, 1], [45.0, 45.0], [126.0, 126.0])
    with pytest.raises(ValueError, match="ordered"):
        PositionArrays.of([1, 1], [45.0, 45.0], [126.0, 126.0], digest=[9, 3])
