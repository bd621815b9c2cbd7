"""Recordings of vehicles of many kinds, with what they really did: trips are held against that.

Written from how receivers, terminals and vehicles behave, none of it after the demo's city. Each
is drawn with several seeds; the truth of a recording is the drives, in metres, that its pen made.
"""

import random

import pytest

from tests.tracking.tracks import Pen
from tracking.trips.advance import advance
from tracking.trips.rules import TripRules
from tracking.trips.state import TripState
from tracking.trips.values import Trip, TripEnded

RULES = TripRules()
SEEDS = range(4)


def trips_of(pen: Pen) -> list[Trip]:
    """The trips, the last one ended by a rest that is added here."""
    _, events = advance(TripState(), pen.rest(1200).arrays(), RULES)
    return [event.trip for event in events if isinstance(event, TripEnded)]


def drawn(seed: int, every_s: int, noise_m: float) -> Pen:
    """A pen with a source of its own; the recording begins at rest."""
    return Pen(every_s=every_s, noise_m=noise_m, chance=random.Random(seed))


def winding(pen: Pen, metres: float, kmh: float, leg_m: float = 150) -> None:
    """Drive in short legs of changing course, so that the straight way is far shorter."""
    course_deg = 0.0
    for _ in range(round(metres / leg_m)):
        course_deg += pen.chance.choice((-70, -40, 40, 70))
        pen.drive(leg_m, kmh, course_deg)


def wander(pen: Pen, seconds: int, reach_m: float, kmh: float = 2.0) -> None:
    """Stand among high houses: the receiver walks slowly within `reach_m`, and says so."""
    north_m = east_m = 0.0
    for _ in range(seconds // pen.every_s):
        pull = 0.02 * pen.every_s
        north_m += pen.chance.gauss(0, 3) * pen.every_s**0.5 - pull * north_m
        east_m += pen.chance.gauss(0, 3) * pen.every_s**0.5 - pull * east_m
        far = max(1.0, (north_m**2 + east_m**2) ** 0.5 / reach_m)
        pen.mark(pen.chance.uniform(0, kmh), north_m / far, east_m / far)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_motorcycle_that_reports_each_second_has_its_trips_and_metres(seed: int) -> None:
    pen = drawn(seed, 1, 2.5)
    pen.rest(900)
    for course_deg in (0, 80, 190):
        for leg in range(6):
            pen.drive(700, pen.chance.uniform(25, 75), course_deg + 25 * leg).rest(35)
        pen.rest(700)
    found = trips_of(pen)
    assert len(found) == 3, f"seed {seed}"
    assert sum(trip.distance_m for trip in found) == pytest.approx(pen.driven_m, rel=0.05)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_car_that_reports_each_minute_is_not_split_at_lights(seed: int) -> None:
    pen = drawn(seed, 60, 5)
    pen.rest(1800).drive(9000, 36, 10).rest(120).drive(6000, 50, 60).rest(180).drive(4000, 30, 100)
    pen.rest(3600).drive(12_000, 60, 200)
    found = trips_of(pen)
    assert len(found) == 2, f"seed {seed}"
    # A minute at either end of a drive is up to a step, and corners are cut.
    assert sum(trip.distance_m for trip in found) == pytest.approx(pen.driven_m, rel=0.03)


@pytest.mark.parametrize("ignition_off", [True, False])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_ferry_neither_splits_nor_doubles_a_trip(seed: int, ignition_off: bool) -> None:
    pen = drawn(seed, 10, 4)
    pen.rest(900).drive(8000, 50)
    driven_m = pen.driven_m
    if ignition_off:
        # The terminal sleeps in the hold for forty minutes.
        pen.silence(2400).go(11_000, 40)
    else:
        pen.drive(11_000, 17, 40)
    # The odometer stands on board.
    pen.driven_m = driven_m
    pen.rows = [(*row[:4], min(row[4], round(driven_m))) for row in pen.rows]
    pen.drive(8000, 50)
    (trip,) = trips_of(pen)
    assert trip.distance_m == pytest.approx(27_000, rel=0.02), f"seed {seed}"
    assert trip.odometer_m == pytest.approx(16_000, rel=0.02)


@pytest.mark.parametrize("metres", [600, 3000, 18_000])
@pytest.mark.parametrize("every_s", [1, 10, 30])
def test_a_tunnel_is_a_gap_in_one_trip(every_s: int, metres: int) -> None:
    pen = drawn(metres, every_s, 3)
    pen.rest(900).drive(5000, 60)
    pen.silence(round(metres / (70 / 3.6))).go(metres).drive(5000, 60)
    (trip,) = trips_of(pen)
    assert trip.distance_m == pytest.approx(pen.driven_m, rel=0.04)
    assert trip.odometer_m == pytest.approx(pen.driven_m, abs=200)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_night_in_an_underground_garage_lies_between_two_trips(seed: int) -> None:
    pen = drawn(seed, 10, 4)
    pen.rest(900).drive(6000, 40)
    # Under the ramp the receiver throws its last positions about, and on the way out its first.
    for _ in range(3):
        pen.mark(6.0, pen.chance.gauss(0, 25), pen.chance.gauss(0, 25))
    entered_s = pen.time_s
    pen.silence(11 * 3600).go(90, 45)
    left_s = pen.time_s
    for _ in range(3):
        pen.mark(6.0, pen.chance.gauss(0, 25), pen.chance.gauss(0, 25))
    pen.drive(6000, 40, 90)
    found = trips_of(pen)
    assert len(found) == 2, f"seed {seed}"
    assert found[0].ended_at_s <= entered_s
    assert found[1].started_at_s >= left_s - 600
    assert sum(trip.distance_m for trip in found) == pytest.approx(pen.driven_m, abs=450)


@pytest.mark.parametrize("every_s", [1, 10, 60])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_parked_receiver_among_high_houses_invents_nothing(seed: int, every_s: int) -> None:
    pen = drawn(seed, every_s, 4)
    pen.rest(900).drive(6000, 40)
    arrived_s = pen.time_s
    wander(pen, 8 * 3600, 90)
    (trip,) = trips_of(pen)
    assert trip.distance_m == pytest.approx(pen.driven_m, abs=250), f"seed {seed}"
    assert trip.ended_at_s <= arrived_s + 600


@pytest.mark.parametrize("kmh", [0.0, 9.0])
@pytest.mark.parametrize("metres", [120, 300, 450])
def test_a_receiver_that_is_thrown_aside_for_a_while_invents_no_trip(
    metres: int, kmh: float
) -> None:
    pen = drawn(1, 10, 4).rest(3600)
    for _ in range(3):
        for _ in range(2):
            pen.mark(kmh, off_east_m=metres)
        pen.rest(1800)
    assert trips_of(pen) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_mountain_roads_without_signal_do_not_split_a_trip(seed: int) -> None:
    pen = drawn(seed, 10, 6)
    pen.rest(900).drive(3000, 40)
    for _ in range(4):
        # A quarter of an hour of bends between two places a kilometre apart.
        pen.silence(900).go(1000, 20)
        pen.driven_m += 6000
        pen.drive(400, 30, 20)
    winding(pen, 3000, 30)
    (trip,) = trips_of(pen)
    assert len(trip.gaps) == 4, f"seed {seed}"
    assert trip.odometer_m == pytest.approx(pen.driven_m, rel=0.02)
    assert trip.distance_m < pen.driven_m


@pytest.mark.parametrize("seed", SEEDS)
def test_a_district_of_weak_signal_keeps_one_trip(seed: int) -> None:
    pen = drawn(seed, 10, 12)
    pen.rest(900)
    for leg in range(12):
        pen.drive(900, 35, 30 * leg)
        pen.silence(pen.chance.randint(60, 280)).go(pen.chance.randint(500, 1500), 30 * leg)
    (trip,) = trips_of(pen)
    assert trip.distance_m == pytest.approx(pen.driven_m, rel=0.06), f"seed {seed}"


@pytest.mark.parametrize("every_s", [1, 10, 30])
def test_a_jam_at_walking_pace_does_not_end_a_trip(every_s: int) -> None:
    pen = drawn(3, every_s, 3).rest(900).drive(4000, 50)
    for _ in range(20):
        pen.drive(45, 6).rest(50)
    pen.drive(4000, 50)
    (trip,) = trips_of(pen)
    assert trip.distance_m == pytest.approx(pen.driven_m, rel=0.06)


def test_a_terminal_that_always_says_speed_zero_still_makes_trips() -> None:
    pen = drawn(5, 10, 4).rest(900).drive(9000, 50).rest(1800).drive(4000, 40, 90)
    pen.rows = [(time_s, lat, lon, 0.0, odo) for time_s, lat, lon, _, odo in pen.rows]
    found = trips_of(pen)
    assert [round(trip.distance_m, -3) for trip in found] == [9000, 4000]
