"""Every promise of a random month is bound to a plate in the end, or was refused at the time."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.capacity.fitting import Ask, PoolVehicle, VehicleType, fit, seconds, taking
from dispatch.capacity.keeping import keep_all
from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import Need

MONTH = datetime(2026, 9, 1, tzinfo=UTC)
UNIT = 1
RIDES = 110


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_each_promise_of_a_month_is_bound_to_a_plate_or_refused_at_the_time(seed: int) -> None:
    print("seed", seed)
    chance = random.Random(seed)
    pool = _pool(chance)
    held: list[Ask] = []
    refused = 0
    for _ in range(RIDES):
        ask = _ask(chance)
        if chance.random() < 0.2:
            # Somebody takes a vehicle by hand, if no promise breaks by it.
            v = chance.randrange(len(pool))
            taken = [taking(one, ask.span) if n == v else one for n, one in enumerate(pool)]
            if _is_free(pool[v], ask) and _can_keep(held, taken):
                pool = taken
        elif chance.random() < 0.1 and held:
            held.remove(chance.choice(held))
        elif _can_keep([*held, ask], pool):
            held.append(ask)
        else:
            refused += 1
    assert held
    assert refused
    # Bound one after another, in any order: who binds breaks none of the promises that are left.
    chance.shuffle(held)
    while held:
        ask = held.pop()
        able = [
            v
            for v, vehicle in enumerate(pool)
            if _can_serve(vehicle, ask)
            and _can_keep(
                held, [taking(one, ask.span) if n == v else one for n, one in enumerate(pool)]
            )
        ]
        assert able, "a promise can't be bound"
        v = chance.choice(able)
        pool = [taking(one, ask.span) if n == v else one for n, one in enumerate(pool)]
    for vehicle in pool:
        spans = sorted(vehicle.taken)
        assert all(one[1] <= after[0] for one, after in pairwise(spans))


def test_a_type_that_is_named_is_not_served_by_another() -> None:
    pool = [_vehicle(1, "petrol", 5), replace(_vehicle(2, "electric", 5))]
    start = MONTH
    electric = replace(
        _asked(start, start + timedelta(hours=1)), wanted=VehicleType(energy="electric")
    )
    assert _can_keep([electric], pool)
    assert not _can_keep([electric, electric], pool)
    assert _can_keep([electric, _asked(start, start + timedelta(hours=1))], pool)


def _pool(chance: random.Random) -> list[PoolVehicle]:
    return [
        _vehicle(no, chance.choice(("petrol", "petrol", "electric")), chance.choice((5, 5, 7)))
        for no in range(1, 4)
    ]


def _vehicle(no: int, energy: str, seats: int) -> PoolVehicle:
    choice = VehicleChoice(
        no=no,
        unit_no=UNIT,
        seats=seats,
        category="other_prescribed",
        holding="pool",
        base=None,
        fix=None,
        busy_until=None,
        overdue_since=None,
        drivers=(),
    )
    return PoolVehicle(choice, energy)


def _ask(chance: random.Random) -> Ask:
    start = MONTH + timedelta(days=chance.randrange(28), hours=chance.randrange(8, 18))
    ask = _asked(start, start + timedelta(minutes=30 * chance.randint(1, 14)))
    passengers = chance.choice((1, 1, 2, 5))
    wanted = VehicleType(energy=chance.choice((None, None, "electric")))
    return replace(ask, need=replace(ask.need, passengers=passengers), wanted=wanted)


def _asked(start: datetime, end: datetime) -> Ask:
    need = Need(UNIT, None, 1, start, end, (40.0, 110.0))
    return Ask(need, VehicleType(), (seconds(start), seconds(end)))


def _can_keep(asks: Sequence[Ask], pool: Sequence[PoolVehicle]) -> bool:
    fitted = fit(asks, pool)
    return keep_all(fitted.bookings, fitted.sizes) is not None


def _can_serve(vehicle: PoolVehicle, ask: Ask) -> bool:
    return _can_keep([ask], [vehicle])


def _is_free(vehicle: PoolVehicle, ask: Ask) -> bool:
    return all(ask.span[1] <= start or end <= ask.span[0] for start, end in vehicle.taken)
