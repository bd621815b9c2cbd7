"""Re-assignment of promised rides: no promise worse, nothing moved for a trifle."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.eligibility.choices import VehicleChoice
from dispatch.matching.batch import match_batch
from dispatch.matching.immediate import ImmediatePolicy, improves, is_due, is_light
from dispatch.matching.improve import improve
from dispatch.matching.problem import Exchange, Priority, Promised, Stage
from dispatch.matching.ranking import TravelMatrix
from dispatch.roads.straight_line import StraightLineTravelTimes
from tests.dispatch.matching.worlds import AT, plain_driver, plain_vehicle, plain_waiting

STRAIGHT: TravelMatrix = StraightLineTravelTimes()
POLICY = ImmediatePolicy(change_s=60, ask_s=60)


def promised(
    number: int, vehicle_no: int, away: float, in_min: float | None = 60, **changes: object
) -> Promised:
    """A request so many degrees north, held by a vehicle, with a pick-up told for then."""
    waiting = plain_waiting(number, away)
    told = None if in_min is None else AT.now + timedelta(minutes=in_min)
    base = Promised(waiting.id, waiting.need, vehicle_no, vehicle_no, Stage.ASSIGNED, told, AT.now)
    return replace(base, **changes)  # type: ignore[arg-type]


def moved(exchanges: Sequence[Exchange]) -> dict[int, int]:
    return {c.request.int: c.to.vehicle_no for e in exchanges for c in e.changes}


def crossed(**changes: object) -> tuple[list[Promised], list[VehicleChoice]]:
    """Two vehicles, each sent to the request beside the other."""
    rides = [promised(1, 2, 0.0, **changes), promised(2, 1, 0.05, **changes)]
    return rides, [plain_vehicle(1, 0.001), plain_vehicle(2, 0.049)]


def test_two_vehicles_that_cross_are_exchanged_together() -> None:
    rides, vehicles = crossed()
    (exchange,) = improve(rides, vehicles, AT, STRAIGHT, POLICY)
    assert moved([exchange]) == {1: 1, 2: 2}
    assert {c.to.driver_no for c in exchange.changes} == {1, 2}
    assert exchange.gain_s >= 2 * POLICY.change_s
    assert exchange.drivers_asked == ()


def test_drivers_who_have_accepted_are_asked() -> None:
    (exchange,) = improve(*crossed(stage=Stage.ACCEPTED), AT, STRAIGHT, POLICY)
    assert sorted(exchange.drivers_asked) == [1, 2]


def test_those_who_have_departed_stay() -> None:
    rides, vehicles = crossed()
    assert (
        improve([replace(rides[0], stage=Stage.DEPARTED), rides[1]], vehicles, AT, STRAIGHT) == ()
    )


def test_nothing_is_moved_for_a_trifle() -> None:
    rides, vehicles = crossed()
    gain_s = improve(rides, vehicles, AT, STRAIGHT, POLICY)[0].gain_s
    dear = ImmediatePolicy(change_s=gain_s // 2 + 1)
    assert improve(rides, vehicles, AT, STRAIGHT, dear) == ()


def test_asking_drivers_has_its_price() -> None:
    rides, vehicles = crossed(stage=Stage.ACCEPTED)
    gain_s = improve(rides, vehicles, AT, STRAIGHT, POLICY)[0].gain_s
    dear = ImmediatePolicy(change_s=1, ask_s=gain_s // 2 + 1)
    assert improve(rides, vehicles, AT, STRAIGHT, dear) == ()


def test_a_free_vehicle_beside_the_passenger_takes_over() -> None:
    vehicles = [plain_vehicle(1, 0.05), plain_vehicle(9, 0.001)]
    (exchange,) = improve([promised(1, 1, 0.0)], vehicles, AT, STRAIGHT, POLICY)
    change = exchange.changes[0]
    assert (change.from_vehicle_no, change.to.vehicle_no, change.to.driver_no) == (1, 9, 9)


def test_rides_that_one_vehicle_or_driver_serves_one_after_the_other_stay() -> None:
    """Each of them holds it; what is exchanged beside them is not held up by it."""
    first, near = promised(1, 1, 0.0), promised(3, 3, 0.05)
    after = promised(2, 1, 0.01)
    after = replace(after, need=replace(after.need, start=first.need.end))
    vehicles = [plain_vehicle(1, 0.001), plain_vehicle(3, -0.05), plain_vehicle(9, 0.049)]
    assert moved(improve([first, after, near], vehicles, AT, STRAIGHT, POLICY)) == {3: 9}
    assert improve([first, after], vehicles[:2], AT, STRAIGHT, POLICY) == ()
    beside = [plain_vehicle(1, 0.05), plain_vehicle(2, -0.05), plain_vehicle(9, 0.001)]
    assert moved(improve([first], beside, AT, STRAIGHT, POLICY)) == {1: 9}
    by_its_driver = replace(after, vehicle_no=2)
    assert improve([first, by_its_driver], beside, AT, STRAIGHT, POLICY) == ()


def test_a_promised_driver_is_not_put_on_a_free_vehicle() -> None:
    shared = (plain_driver(1),)
    vehicles = [
        plain_vehicle(1, 0.05, drivers=shared),
        plain_vehicle(9, 0.001, unit_no=1, drivers=shared),
    ]
    assert improve([promised(1, 1, 0.0)], vehicles, AT, STRAIGHT, POLICY) == ()


def test_a_promise_is_kept_even_where_breaking_it_would_save_much() -> None:
    """The far request would gain much by the near one's vehicle, and does if that has time."""
    rides = [promised(1, 1, 0.0, in_min=6), promised(2, 2, 0.06, in_min=90)]
    vehicles = [plain_vehicle(1, 0.01), plain_vehicle(2, -0.06)]
    assert improve(rides, vehicles, AT, STRAIGHT, POLICY) == ()
    patient = [replace(rides[0], promised_at=AT.now + timedelta(hours=2)), rides[1]]
    assert moved(improve(patient, vehicles, AT, STRAIGHT, POLICY)) == {1: 2, 2: 1}


def test_above_the_ordinary_class_nobody_waits_longer_than_now_expected() -> None:
    rides = [promised(1, 1, 0.0), promised(2, 2, 0.04)]
    vehicles = [plain_vehicle(1, 0.019), plain_vehicle(2, -0.021)]
    policy = ImmediatePolicy(change_s=1, ask_s=0)
    asked = [replace(rides[0], priority=Priority.EMERGENCY), rides[1]]
    assert moved(improve(asked, vehicles, AT, STRAIGHT, policy)) == {}


@pytest.mark.parametrize("seed", range(8))
def test_no_promise_is_worsened_and_everybody_keeps_a_vehicle(seed: int) -> None:
    chance = random.Random(seed)
    vehicles = [
        plain_vehicle(no, chance.uniform(-0.1, 0.1), holding=chance.choice(("pool", "retained")))
        for no in range(1, 31)
    ]
    numbers = chance.sample(range(1, 31), 15)
    rides = [
        promised(
            number,
            number,
            chance.uniform(-0.1, 0.1),
            chance.choice((None, 5, 20, 60)),
            stage=chance.choice(tuple(Stage)),
            priority=chance.choice(tuple(Priority)),
        )
        for number in numbers
    ]
    exchanges = improve(rides, vehicles, AT, STRAIGHT, POLICY)
    assert exchanges == improve(rides[::-1], vehicles[::-1], AT, STRAIGHT, POLICY)
    by_id, choice = {r.id: r for r in rides}, {v.no: v for v in vehicles}
    holds = {r.id: r.vehicle_no for r in rides}
    for exchange in exchanges:
        assert exchange.gain_s >= POLICY.change_s * len(exchange.changes) + POLICY.ask_s * len(
            exchange.drivers_asked
        )
        for change in exchange.changes:
            ride = by_id[change.request]
            assert ride.stage is not Stage.DEPARTED
            fix = choice[ride.vehicle_no].fix
            assert fix is not None
            expected_s = STRAIGHT.matrix([fix.point], [ride.need.origin])[0][0, 0]
            if ride.priority is not Priority.ORDINARY:
                assert change.to.arrival_s <= expected_s + 1
            elif ride.promised_at is not None:
                told_s = (ride.promised_at - AT.now).total_seconds()
                assert change.to.arrival_s <= max(told_s, expected_s) + 1
            holds[change.request] = change.to.vehicle_no
    assert len(set(holds.values())) == len(rides)


@pytest.mark.parametrize("seed", range(6))
def test_each_exchange_stands_by_itself(seed: int) -> None:
    """Made alone, without the others, it gives nobody's vehicle away."""
    chance = random.Random(seed)
    vehicles = [plain_vehicle(no, chance.uniform(-0.1, 0.1)) for no in range(1, 21)]
    rides = [promised(n, n, chance.uniform(-0.1, 0.1), None) for n in range(1, 15)]
    exchanges = improve(rides, vehicles, AT, STRAIGHT, POLICY)
    assert exchanges
    for exchange in exchanges:
        holds = {r.id: r.vehicle_no for r in rides}
        holds |= {c.request: c.to.vehicle_no for c in exchange.changes}
        assert len(set(holds.values())) == len(rides)


def test_rules_are_asked_before_a_change() -> None:
    vehicles = [plain_vehicle(1, 0.05), plain_vehicle(9, 0.001, insurance_ended=AT.now)]
    assert improve([promised(1, 1, 0.0)], vehicles, AT, STRAIGHT, POLICY) == ()


def test_without_promises_nothing_changes() -> None:
    assert improve([], [plain_vehicle(1)], AT, STRAIGHT) == ()
    gone = promised(1, 7, 0.0)
    assert improve([gone], [plain_vehicle(1)], AT, STRAIGHT) == ()


def test_at_light_load_nobody_waits_for_a_batch() -> None:
    now, policy = AT.now, ImmediatePolicy(batch_s=10)
    assert is_light(3, 3)
    assert is_due(3, 3, now, now, policy)
    assert not is_due(4, 3, now, now + timedelta(seconds=9), policy)
    assert is_due(4, 3, now, now + timedelta(seconds=10), policy)
    assert is_due(4, 3, None, now, policy)
    assert not is_due(0, 3, None, now, policy)
    assert improves(None, now, policy)
    assert not improves(now, now + timedelta(seconds=29), policy)


def test_what_a_batch_gave_is_not_changed_at_once() -> None:
    chance = random.Random(3)
    vehicles = [plain_vehicle(no, chance.uniform(-0.1, 0.1)) for no in range(1, 21)]
    waiting = [plain_waiting(no, chance.uniform(-0.1, 0.1)) for no in range(1, 11)]
    matched = match_batch(waiting, vehicles, AT, STRAIGHT).matches
    need = {w.id: w.need for w in waiting}
    rides = [
        Promised(
            m.request, need[m.request], m.vehicle_no, m.driver_no, Stage.ASSIGNED, None, AT.now
        )
        for m in matched
    ]
    assert len(rides) == 10
    assert improve(rides, vehicles, AT, STRAIGHT, POLICY) == ()
