"""Vehicles that the simulator of the demo doesn't know, in cities far apart: trips and metres.

The truth is kept second by second (`recorded.py`): as many trips as were driven, their metres
within 2 %, and nothing out of drift.
"""

import math
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.tracking.trips.oracle import oracle_events
from tests.tracking.trips.recorded import (
    CITIES,
    Journey,
    Policy,
    Receiver,
    Report,
    arrays,
    at_lights,
    every,
    moved,
    recorded,
)
from tracking.trips.advance import advance
from tracking.trips.rules import TripRules
from tracking.trips.state import TripState
from tracking.trips.values import StopStarted, Trip, TripEnded, TripEvent

RULES = TripRules()
HOUR = 3600
PLACES = [pytest.param(n, city, id=f"{city[0]:.0f}N") for n, city in enumerate(CITIES)]
in_each_city = pytest.mark.parametrize(("seed", "city"), PLACES)


def trips_of(reports: list[Report], *, acc: bool = True) -> list[Trip]:
    _, events = advance(TripState(), arrays(reports, acc=acc), RULES)
    return [event.trip for event in events if isinstance(event, TripEnded)]


def assert_true(journey: Journey, reports: list[Report]) -> None:
    """The trips are those that were driven, each with its metres."""
    found = trips_of(reports)
    assert len(found) == len(journey.trips)
    for trip, (began_s, ended_s, metres) in zip(found, journey.trips, strict=True):
        assert trip.distance_m == pytest.approx(metres, rel=0.02, abs=60)
        assert trip.started_at_s == pytest.approx(began_s, abs=330)
        assert trip.ended_at_s == pytest.approx(ended_s, abs=330)


def at_stops(chance: random.Random) -> int:
    """Seconds at a bus stop."""
    return chance.choice((20, 35, 60, 90))


def at_doors(chance: random.Random) -> int:
    """Seconds at a door where something is handed over."""
    return chance.choice((0, 0, 60, 150))


@pytest.mark.parametrize("receiver", [Receiver(2.0), Receiver(6.0, 30), Receiver(5.0, 8)])
def test_a_bus_each_second(receiver: Receiver) -> None:
    seed = round(receiver.memory_s)
    journey = Journey(seed, CITIES[seed % len(CITIES)]).rest(900)
    for _ in range(2):
        journey.drive(12, 450, 38, at_stops).rest(900)
    assert_true(journey, recorded(journey, every(1, 1), receiver))


@pytest.mark.parametrize("policy", [every(10, 10), every(10, 300)])
@in_each_city
def test_a_motorcycle_courier(seed: int, city: tuple[float, float], policy: Policy) -> None:
    journey = Journey(seed + 10, city, acceleration=2.0).rest(900)
    for _ in range(4):
        journey.drive(10, 600, 40, at_doors).rest(1200)
    assert_true(journey, recorded(journey, policy, Receiver(8.0, 60)))


@in_each_city
def test_a_truck_each_minute(seed: int, city: tuple[float, float]) -> None:
    journey = Journey(seed + 20, city, acceleration=0.5).rest(1800)
    for _ in range(2):
        journey.drive(6, 9000, 75, at_lights).rest(HOUR)
    assert_true(journey, recorded(journey, every(60, 60), Receiver(5.0, 60, 12.0)))


@in_each_city
def test_a_terminal_that_sends_only_while_it_moves(seed: int, city: tuple[float, float]) -> None:
    journey = Journey(seed + 30, city).rest(900)
    for _ in range(3):
        journey.drive(8, 900, 45, at_doors).rest(1500)
    reports = recorded(journey.leg(300, 20), every(10))
    assert_true(journey, reports)


@pytest.mark.parametrize("false_kmh", [0.0, 9.0])
@pytest.mark.parametrize("parked_s", [10, 60, 300])
def test_a_night_of_drift_by_thirty_metres(parked_s: int, false_kmh: float) -> None:
    seed = parked_s + round(false_kmh)
    journey = Journey(seed, CITIES[seed % len(CITIES)]).rest(1200)
    journey.drive(8, 900, 45, at_lights).rest(6 * HOUR)
    chance = random.Random(seed)

    def misled(report: Report) -> Report:
        """As said by a receiver that takes its drift for movement."""
        at_rest = report.speed_kmh == 0
        return replace(report, speed_kmh=chance.uniform(0, false_kmh)) if at_rest else report

    reports = recorded(journey, every(10, parked_s), Receiver(4.0, 60, 15.0), misled)
    assert_true(journey, reports)


def restless(seed: int, false_kmh: float) -> Callable[[Report], Report]:
    """As told by a receiver that also shows some speed of its wandering; negative: no speed."""
    chance = random.Random(seed)

    def told(report: Report) -> Report:
        at_rest = report.speed_kmh == 0
        drift_kmh = round(abs(chance.gauss(0, max(0.0, false_kmh))), 1)
        known = replace(report, speed_kmh=drift_kmh) if at_rest else report
        return known if false_kmh >= 0 else replace(report, speed_kmh=-1.0)

    return told


WEAK = [
    (5, Receiver(40.0, 30), 2.0),
    (10, Receiver(50.0, 30), 4.0),
    (10, Receiver(60.0, 30), 2.0),
    (30, Receiver(60.0, 120), 4.0),
    (10, Receiver(40.0, 30), -1.0),
]


@pytest.mark.parametrize("with_odometer", [True, False])
@pytest.mark.parametrize(("every_s", "receiver", "false_kmh"), WEAK)
def test_six_hours_in_weak_signal_invent_no_trip(
    every_s: int, receiver: Receiver, false_kmh: float, with_odometer: bool
) -> None:
    journey = Journey(9, CITIES[1]).rest(6 * HOUR)
    told = restless(9, false_kmh)

    def change(report: Report) -> Report:
        return replace(told(report), odometer_m=77_000 if with_odometer else -1)

    track = arrays(recorded(journey, every(every_s, every_s), receiver, change))
    _, events = advance(TripState(), track, RULES)
    assert [type(event) for event in events] == [StopStarted]


def _between_two_drives(seed: int, city: tuple[float, float]) -> tuple[Journey, list[Report]]:
    """Three hours in weak signal, the whole way there and away told well."""
    journey = Journey(seed + 160, city).rest(900).drive(6, 800, 40, at_lights).rest(3 * HOUR)
    journey.drive(6, 800, 40, at_lights).rest(900)
    (_, came_s, _), (left_s, _, _) = journey.trips
    told = restless(seed, 3.0)
    well = recorded(journey, every(10, 10), Receiver(5.0, 60))
    weakly = recorded(journey, every(10, 10), Receiver(50.0, 30), told)
    both = zip(well, weakly, strict=True)
    return journey, [weak if came_s < good.time_s <= left_s else good for good, weak in both]


@pytest.mark.parametrize("with_odometer", [True, False])
@in_each_city
def test_a_trip_ends_in_weak_signal_where_it_arrived(
    seed: int, city: tuple[float, float], with_odometer: bool
) -> None:
    journey, reports = _between_two_drives(seed, city)
    if not with_odometer:
        reports = [replace(report, odometer_m=-1) for report in reports]
    found = trips_of(reports)
    assert len(found) == 2
    for trip, (began_s, ended_s, metres) in zip(found, journey.trips, strict=True):
        assert trip.distance_m == pytest.approx(metres, rel=0.05)
        assert trip.started_at_s == pytest.approx(began_s, abs=120)
        assert trip.ended_at_s == pytest.approx(ended_s, abs=120)


@in_each_city
def test_an_odometer_that_counts_keeps_a_crawl_to_and_fro(
    seed: int, city: tuple[float, float]
) -> None:
    journey = Journey(seed + 170, city).rest(900).drive(6, 800, 40, at_lights)
    for _ in range(20):
        journey.leg(130, 4, bend=0.0).course_deg += 180
    reports = recorded(journey.drive(6, 800, 40, at_lights).rest(900), every(10, 10))
    # No speed is known, so that but for the odometer it wanders.
    (trip,) = trips_of([replace(report, speed_kmh=-1.0) for report in reports])
    assert trip.odometer_m == pytest.approx(journey.driven_m, rel=0.02)


@pytest.mark.parametrize("cut", [1, 37, 500])
def test_any_split_of_a_rest_in_weak_signal_says_what_the_oracle_says(cut: int) -> None:
    track = arrays(_between_two_drives(cut, CITIES[cut % len(CITIES)])[1])
    state, events = TripState(), list[TripEvent]()
    for start in range(0, len(track), cut):
        state, happened = advance(
            TripState.from_json(state.to_json()), track.part(start, start + cut), RULES
        )
        events += happened
    assert (state, events) == advance(TripState(), track, RULES)
    assert events == oracle_events(track, RULES)


@pytest.mark.parametrize("every_s", [1, 10, 60])
@in_each_city
def test_eight_minutes_in_a_tunnel(seed: int, city: tuple[float, float], every_s: int) -> None:
    journey = Journey(seed + 50, city).rest(900)
    began_s, began_m = journey.time_s, journey.driven_m
    journey.leg(3000, 60).leg(6000, 45, covered=True, bend=0.0).leg(4000, 60)
    journey.trips.append((began_s, journey.time_s, journey.driven_m - began_m))
    reports = recorded(journey.rest(1200), every(every_s, every_s))
    assert_true(journey, reports)
    assert len(trips_of(reports)[0].gaps) == 1


@pytest.mark.parametrize("every_s", [1, 10])
@in_each_city
def test_a_garage_whose_exit_shows_a_first_fix_four_hundred_metres_off(
    seed: int, city: tuple[float, float], every_s: int
) -> None:
    journey, out_s = _night_in_a_garage(seed, city)
    reports = recorded(journey, every(every_s, every_s))
    first = next(n for n, report in enumerate(reports) if report.time_s >= out_s)
    turn = journey.chance.uniform(0, math.tau)
    reports[first] = moved(reports[first], 400 * math.sin(turn), 400 * math.cos(turn))
    assert_true(journey, reports)


def _night_in_a_garage(seed: int, city: tuple[float, float]) -> tuple[Journey, int]:
    """Home, two hours below, and out; the second at which the sky is seen again."""
    journey = Journey(seed + 70, city).rest(900).drive(6, 900, 45, at_lights)
    journey.leg(60, 10, covered=True).rest(2 * HOUR, covered=True)
    began_s, began_m = journey.time_s, journey.driven_m
    out_s = journey.leg(60, 10, covered=True).time_s + 1
    journey.drive(6, 900, 45, at_lights)
    journey.trips[-1] = (began_s, journey.time_s, journey.driven_m - began_m)
    return journey.rest(1200), out_s


@pytest.mark.parametrize("policy", [every(1, 1), every(10, 10), every(10, 300)])
@in_each_city
def test_a_terminal_that_always_says_speed_zero(
    seed: int, city: tuple[float, float], policy: Policy
) -> None:
    journey = Journey(seed + 60, city).rest(900).drive(8, 900, 45, at_lights).rest(1200)
    journey.drive(6, 700, 40, at_lights).rest(1200)
    assert_true(
        journey, recorded(journey, policy, change=lambda report: replace(report, speed_kmh=0.0))
    )


@pytest.mark.parametrize("of_s", [2, 20])
@in_each_city
def test_times_of_which_two_positions_each_have_the_same(
    seed: int, city: tuple[float, float], of_s: int
) -> None:
    journey = Journey(seed + 90, city).rest(900).drive(12, 900, 45, at_lights).rest(1200)
    reports = recorded(
        journey,
        every(of_s // 2, of_s // 2),
        change=lambda report: replace(report, time_s=report.time_s // of_s * of_s),
    )
    (trip,), ((_, _, metres),) = trips_of(reports), journey.trips
    # At ten seconds a step two places of one time are further apart than a vehicle drives in it.
    assert trip.distance_m == pytest.approx(metres, rel=0.02 if of_s == 2 else 0.05)


@pytest.mark.parametrize("every_s", [1, 10, 30])
@in_each_city
def test_errands_of_half_a_kilometre(seed: int, city: tuple[float, float], every_s: int) -> None:
    journey = Journey(seed + 130, city).rest(900)
    for _ in range(4):
        journey.drive(1, 500, 30, at_lights).rest(900)
    assert_true(journey, recorded(journey, every(every_s, every_s)))


@pytest.mark.parametrize("policy", [every(1, 1), every(30, 30), every(10, 300)])
@in_each_city
def test_a_street_sweeper(seed: int, city: tuple[float, float], policy: Policy) -> None:
    journey = Journey(seed + 110, city).rest(900)
    for _ in range(2):
        journey.drive(5, 500, 8, at_doors).rest(1200)
    assert_true(journey, recorded(journey, policy))


@in_each_city
def test_the_ignition_wire_decides_nothing(seed: int, city: tuple[float, float]) -> None:
    journey = Journey(seed + 40, city).rest(1200).drive(8, 900, 45, at_lights).rest(1200)
    reports = recorded(journey, every(10, 60))
    assert trips_of(reports, acc=False) == trips_of(reports, acc=True)


def _reset(report: Report) -> Report:
    return replace(report, odometer_m=report.odometer_m % 2500)


def _rolled_over(report: Report) -> Report:
    return replace(report, odometer_m=(report.odometer_m + 0xFFFF_FFFF - 2500) % 0xFFFF_FFFF)


@pytest.mark.parametrize("change", [_reset, _rolled_over])
@in_each_city
def test_an_odometer_that_begins_anew_is_unknown_and_the_metres_stand(
    seed: int, city: tuple[float, float], change: Callable[[Report], Report]
) -> None:
    journey = Journey(seed + 15, city).rest(1200).drive(8, 900, 45, at_lights).rest(1200)
    reports = recorded(journey, every(10, 60), change=change)
    assert_true(journey, reports)
    assert [trip.odometer_m for trip in trips_of(reports)] == [None]
    (trip,) = trips_of(recorded(journey, every(10, 60)))
    assert trip.odometer_m == pytest.approx(journey.driven_m, rel=0.02)


@in_each_city
def test_a_clock_eight_hours_ahead_for_a_while_invents_nothing(
    seed: int, city: tuple[float, float]
) -> None:
    """China's time taken for UTC: such positions are doubtful on receipt, a hole is left."""
    journey = Journey(seed + 80, city).rest(HOUR).drive(8, 900, 45, at_lights).rest(1800)
    hole = range(journey.time_s, journey.rest(900).time_s)
    journey.drive(8, 900, 45, at_lights).rest(1800)
    reports = [r for r in recorded(journey, every(10, 60)) if r.time_s not in hole]
    assert_true(journey, reports)


@in_each_city
def test_the_oracle_agrees_on_what_was_thrown_aside(seed: int, city: tuple[float, float]) -> None:
    journey, out_s = _night_in_a_garage(seed, city)
    reports = recorded(journey, every(10, 60), Receiver(4.0, 60, 15.0))
    first = next(n for n, report in enumerate(reports) if report.time_s >= out_s)
    reports[first] = moved(reports[first], -400, 0)
    _, events = advance(TripState(), arrays(reports), RULES)
    assert events == oracle_events(arrays(reports), RULES)
