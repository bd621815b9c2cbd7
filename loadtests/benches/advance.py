"""Advance bookings: which of those that compete are promised, beside first come first served.

Bookings of some days, each with the types that may serve it (category × pool × energy). Ours is the
integer programme of `dispatch.capacity.choosing`; the bound above is that of its linear relaxation.
First come first served takes each booking as it is asked for, into the first type with a vehicle
left. Every choice is checked by giving each booking a plate of its own.
"""

import random
import time
from bisect import insort
from collections.abc import Callable, Sequence
from itertools import product
from typing import TypeVar

from dispatch.capacity.choosing import Choice, choose, relaxed
from dispatch.capacity.model import NOWHERE, Booking
from dispatch.capacity.placing import units_of
from loadtests.measuring import Figure, Place

Made = TypeVar("Made")

SIZES = ((200, 80, 1), (600, 150, 2), (1_500, 200, 3), (3_000, 500, 5))
"""Bookings, vehicles, and the days over which they lie."""
PROVEN_UP_TO = 1_500
MOST_S = 10.0
GAP_PERCENT = 0.5
_SEEDS = (1, 2, 3)
_DAY_S, _HOUR_S, _QUARTER_S = 86_400, 3_600, 900
_CATEGORIES, _POOLS, _ENERGIES = 3, 4, 2
_SHARES = (6, 2, 1)
"""How often each category is asked for, and how many vehicles there are of it."""


def run(place: Place) -> list[Figure]:  # noqa: ARG001
    """Measure each size on a few instances; the worst of them is told."""
    return [figure for size in SIZES for figure in _measured(*size)]


def _measured(count: int, vehicles: int, days: int) -> list[Figure]:
    proven, seconds, gaps = [], [], []
    kept = first = asked = 0
    for seed in _SEEDS:
        bookings, sizes = instance(count, vehicles, days, seed)
        bound = relaxed(bookings, sizes)
        choice, spent_s = _spent(lambda b=bookings, s=sizes: choose(b, s, limit_s=MOST_S))  # type: ignore[misc]
        _give_plates(bookings, sizes, choice)
        proven.append(choice.proven)
        seconds.append(spent_s)
        gaps.append(100.0 * (bound - choice.worth) / bound)
        kept, first = kept + choice.worth, first + first_come(bookings, sizes)
        asked += count
    name = f"{count:,} bookings, {vehicles:,} vehicles"
    goal = 1.0 if count <= PROVEN_UP_TO else None
    return [
        Figure(f"{name}: proven optimal", sum(proven) / len(proven), "of 1", at_least=goal),
        Figure(f"{name}: time, the slowest", max(seconds), "s", at_most=MOST_S if goal else None),
        Figure(f"{name}: below the bound, the worst", max(gaps), "%", at_most=GAP_PERCENT),
        Figure(f"{name}: kept", 100.0 * kept / asked, "%"),
        Figure(f"{name}: kept, first come first served", 100.0 * first / asked, "%"),
    ]


def instance(count: int, vehicles: int, days: int, seed: int) -> tuple[list[Booking], list[int]]:
    """Return bookings in the order in which they are asked for, and the sizes of the stocks."""
    chance = random.Random(seed)
    types = list(product(range(_CATEGORIES), range(_POOLS), range(_ENERGIES)))
    sizes = [0] * len(types)
    shares = [_SHARES[category] for category, _, _ in types]
    for s in chance.choices(range(len(types)), shares, k=vehicles):
        sizes[s] += 1
    bookings = []
    for _ in range(count):
        morning = chance.random() < 0.5
        at_s = chance.gauss(9, 1.2) if morning else chance.gauss(14, 1.5)
        start = chance.randrange(days) * _DAY_S + int(at_s * _HOUR_S) // _QUARTER_S * _QUARTER_S
        length = int(chance.choice((1, 1.5, 2, 2, 3, 4, 6, 8)) * _HOUR_S)
        (category,) = chance.choices(range(_CATEGORIES), _SHARES)
        pools = chance.sample(range(_POOLS), chance.choice((1, 1, 2, _POOLS)))
        energies = chance.choice(((0, 1), (0, 1), (0,), (1,)))
        may = (
            s
            for s, (c, pool, energy) in enumerate(types)
            if c == category and pool in pools and energy in energies
        )
        bookings.append(Booking(start, start + length, frozenset(may)))
    return bookings, sizes


def first_come(bookings: Sequence[Booking], sizes: Sequence[int]) -> int:
    """Return how many are kept where each is promised as it comes, and none is moved later."""
    plates: list[list[list[tuple[int, int]]]] = [[[] for _ in range(size)] for size in sizes]
    return sum(
        any(_took(plate, booking) for s in sorted(booking.stocks) for plate in plates[s])
        for booking in bookings
    )


def _took(plate: list[tuple[int, int]], booking: Booking) -> bool:
    if any(start < booking.end and booking.start < end for start, end in plate):
        return False
    insort(plate, (booking.start, booking.end))
    return True


def _give_plates(bookings: Sequence[Booking], sizes: Sequence[int], choice: Choice) -> None:
    """Give each kept booking a vehicle of its own; raises ValueError where that can't be."""
    for s, size in enumerate(sizes):
        members = [b for b, placed in enumerate(choice.placed) if placed == s]
        if any(s not in bookings[b].stocks for b in members):
            raise ValueError("a booking is kept by a type that may not serve it")
        units_of(bookings, members, size)
    if sum(placed != NOWHERE for placed in choice.placed) != choice.worth:
        raise ValueError("more or fewer are kept than was told")


def _spent(work: Callable[[], Made]) -> tuple[Made, float]:
    """Return what was made and the CPU seconds it took."""
    before_s = time.process_time()
    made = work()
    return made, time.process_time() - before_s
