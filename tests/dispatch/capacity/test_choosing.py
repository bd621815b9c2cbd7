"""Which bookings are kept, held against trying everything."""

import random
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.capacity.choosing import choose, relaxed
from dispatch.capacity.keeping import around, fullest, keep_all, together
from dispatch.capacity.model import NOWHERE, Booking
from dispatch.capacity.placing import place_in_order, units_of

STOCKS = 3
bookings_of_few = st.lists(
    st.builds(
        lambda start, length, stocks, weight: Booking(
            start, start + length, frozenset(stocks), weight
        ),
        st.integers(0, 9),
        st.integers(1, 5),
        st.sets(st.integers(0, STOCKS - 1)),
        st.integers(1, 3),
    ),
    max_size=5,
)
sizes_of_few = st.lists(st.integers(0, 2), min_size=STOCKS, max_size=STOCKS)


@settings(max_examples=80, deadline=None)
@given(bookings_of_few, sizes_of_few)
def test_what_is_chosen_is_worth_as_much_as_the_best_of_all(
    bookings: list[Booking], sizes: list[int]
) -> None:
    choice = choose(bookings, sizes, limit_s=10)
    assert choice.proven
    assert choice.worth == _best(bookings, sizes)
    assert relaxed(bookings, sizes) >= choice.worth - 1e-6
    _each_has_a_vehicle_of_its_own(bookings, sizes, choice.placed)


@settings(max_examples=80, deadline=None)
@given(bookings_of_few, sizes_of_few)
def test_all_are_kept_exactly_where_trying_everything_keeps_them(
    bookings: list[Booking], sizes: list[int]
) -> None:
    placed = keep_all(bookings, sizes)
    assert (placed is not None) == (_most(bookings, sizes) == len(bookings))
    if placed is not None:
        assert NOWHERE not in placed
        _each_has_a_vehicle_of_its_own(bookings, sizes, placed)


@settings(max_examples=60, deadline=None)
@given(bookings_of_few, sizes_of_few)
def test_what_is_placed_by_start_has_a_vehicle_of_its_own(
    bookings: list[Booking], sizes: list[int]
) -> None:
    _each_has_a_vehicle_of_its_own(bookings, sizes, place_in_order(bookings, sizes))


@given(bookings_of_few, st.integers(0, 9), st.integers(1, 5))
def test_what_lies_in_another_part_shares_no_instant(
    bookings: list[Booking], start: int, length: int
) -> None:
    parts = together(bookings)
    assert sorted(b for part in parts for b in part) == list(range(len(bookings)))
    for n, part in enumerate(parts):
        for other in parts[n + 1 :]:
            assert not any(_overlap(bookings[a], bookings[b]) for a in part for b in other)
    near = around(bookings, (start, start + length))
    touched = {
        b for b, one in enumerate(bookings) if one.start < start + length and start < one.end
    }
    assert touched <= set(near)
    far = set(range(len(bookings))) - set(near)
    assert not any(_overlap(bookings[a], bookings[b]) for a in near for b in far)


def test_the_fullest_instant_is_told_with_what_is_missing() -> None:
    bookings = [
        Booking(0, 4, frozenset({0})),
        Booking(2, 6, frozenset({0, 1})),
        Booking(2, 3, frozenset({0})),
    ]
    assert fullest(bookings, [1, 1, 5], (0, 6)) == (3, 2)


def test_a_day_with_many_kinds_is_chosen_within_the_relaxed_bound() -> None:
    seed = 20261122
    print("seed", seed)
    chance = random.Random(seed)
    bookings = []
    for _ in range(250):
        start = chance.randrange(0, 40)
        stocks = frozenset(chance.sample(range(6), chance.randint(1, 3)))
        bookings.append(Booking(start, start + chance.randint(2, 16), stocks))
    sizes = [chance.randint(5, 12) for _ in range(6)]
    choice = choose(bookings, sizes, limit_s=30)
    bound = relaxed(bookings, sizes)
    assert choice.worth <= bound + 1e-6
    assert choice.worth >= 0.995 * bound
    in_order = sum(s != NOWHERE for s in place_in_order(bookings, sizes))
    assert choice.worth > in_order
    _each_has_a_vehicle_of_its_own(bookings, sizes, choice.placed)


def _each_has_a_vehicle_of_its_own(
    bookings: Sequence[Booking], sizes: Sequence[int], placed: Sequence[int]
) -> None:
    """Give every kept booking a vehicle, and look at each pair on the same one."""
    for s, size in enumerate(sizes):
        members = [b for b, where in enumerate(placed) if where == s]
        assert all(s in bookings[b].stocks for b in members)
        unit = units_of(bookings, members, size)
        assert sorted(unit) == members
        assert all(0 <= one < size for one in unit.values())
        for n, a in enumerate(members):
            for b in members[n + 1 :]:
                assert unit[a] != unit[b] or not _overlap(bookings[a], bookings[b])


def _overlap(one: Booking, other: Booking) -> bool:
    return one.start < other.end and other.start < one.end


def _best(bookings: Sequence[Booking], sizes: Sequence[int]) -> int:
    return _tried(bookings, sizes, [one.weight for one in bookings])


def _most(bookings: Sequence[Booking], sizes: Sequence[int]) -> int:
    return _tried(bookings, sizes, [1] * len(bookings))


def _tried(bookings: Sequence[Booking], sizes: Sequence[int], worth: Sequence[int]) -> int:
    """Try every vehicle, and none, for each booking."""
    plates = [s for s, size in enumerate(sizes) for _ in range(size)]

    def best(b: int, driven: tuple[tuple[int, ...], ...]) -> int:
        if b == len(bookings):
            return 0
        found = best(b + 1, driven)
        for p, s in enumerate(plates):
            if s in bookings[b].stocks and not any(
                _overlap(bookings[b], bookings[other]) for other in driven[p]
            ):
                with_it = (*driven[:p], (*driven[p], b), *driven[p + 1 :])
                found = max(found, worth[b] + best(b + 1, with_it))
        return found

    return best(0, ((),) * len(plates))
