"""A day's plan keeps every limit, and drives no metre more than the best of all plans."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.plans.duty import LIMITS
from dispatch.plans.model import Car, Crew, Day, Line, PlanLimits, Proposal, Ride, Roads
from dispatch.plans.saving import first_broken, saved_by
from dispatch.plans.solving import propose

HOUR_S = 3_600
PLACES = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (2.0, 2.0))
LIMIT = PlanLimits(turnaround_s=600, longest_wait_s=2 * HOUR_S)
ALWAYS = (-100 * HOUR_S, 100 * HOUR_S)


def roads() -> Roads:
    """Ways along a grid: a kilometre and ten minutes a step."""
    ways = {}
    for a, b in product(PLACES, PLACES):
        steps = round(abs(a[0] - b[0]) + abs(a[1] - b[1]))
        ways[a, b] = (600 * steps, 1_000 * steps)
    return Roads(ways)


places = st.sampled_from(PLACES)
rides = st.builds(
    lambda start, length, origin, ends_at, cars, promised: Ride(
        (start * 1_200, (start + length) * 1_200), origin, ends_at, 5_000, frozenset(cars), promised
    ),
    st.integers(0, 24),
    st.integers(1, 9),
    places,
    places,
    st.sets(st.integers(0, 1), min_size=1),
    st.booleans(),
)
cars = st.builds(
    lambda base, range_m, taken: Car(
        base, range_m, ((taken * 1_200, taken * 1_200 + HOUR_S),) if taken else ()
    ),
    places,
    st.sampled_from([None, None, 8_000, 14_000]),
    st.integers(0, 20),
)
crews = st.builds(
    lambda covers, start, length, day_h, week_h, before: Crew(
        frozenset(covers),
        ((start * HOUR_S, (start + length) * HOUR_S),),
        day_h * HOUR_S,
        week_h * HOUR_S,
        before * HOUR_S,
    ),
    st.sets(st.integers(0, 1)),
    st.integers(-3, 4),
    st.integers(4, 20),
    st.integers(0, 11),
    st.integers(0, 44),
    st.integers(0, 160),
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(rides, max_size=6),
    st.lists(cars, min_size=2, max_size=2),
    st.lists(crews, max_size=3),
)
def test_no_vehicle_and_no_driver_is_proposed_beyond_what_they_can(
    asked: list[Ride], there: list[Car], people: list[Crew]
) -> None:
    day = Day(asked, there, people, roads(), LIMIT)
    proposal = propose(day)
    served = [line.ride for line in proposal.lines]
    left = [*proposal.without_car, *proposal.without_crew]
    assert sorted([*served, *left]) == list(range(len(asked)))
    for v in range(len(there)):
        _drives_what_it_can(day, v, [line for line in proposal.lines if line.car == v])
    for d, crew in enumerate(people):
        own = [line for line in proposal.lines if line.crew == d]
        _works_within_hours(day, crew, own)
    broken = first_broken(day, proposal)
    if broken is not None:
        assert broken in left
        saved_by(day, broken, proposal, ALWAYS)


@settings(max_examples=40, deadline=None)
@given(st.lists(rides, min_size=1, max_size=4), st.lists(places, min_size=2, max_size=2))
def test_with_drivers_enough_the_plan_is_the_best_of_all(
    asked: list[Ride], bases: list[tuple[float, float]]
) -> None:
    there = [Car(base) for base in bases]
    people = [Crew(frozenset({0, 1}), (ALWAYS,), 999_999, 999_999) for _ in asked]
    day = Day(asked, there, people, roads(), LIMIT)
    proposal = propose(day)
    assert _worth(day, proposal) == max(_all_worths(day))


def test_work_goes_to_whoever_had_less_of_it_in_the_weeks_before() -> None:
    ride = Ride((0, HOUR_S), PLACES[0], PLACES[0], 5_000, frozenset({0}))
    people = [
        Crew(frozenset({0}), (ALWAYS,), HOUR_S, HOUR_S, before_s=before * HOUR_S)
        for before in (40, 10, 30)
    ]
    proposal = propose(Day([ride], [Car(PLACES[0])], people, roads(), LIMIT))
    assert [line.crew for line in proposal.lines] == [1]


@pytest.mark.parametrize(
    ("day_h", "week_h", "served"), [(4, 44, 1), (11, 4, 1), (6, 44, 2), (11, 6, 2), (2, 44, 0)]
)
def test_rides_that_fit_alone_and_not_together_are_not_both_given_to_one_driver(
    day_h: int, week_h: int, served: int
) -> None:
    # Too far apart to be one chain: each fits by itself, together they last six hours.
    asked = [
        Ride((at * HOUR_S, (at + 3) * HOUR_S), PLACES[0], PLACES[0], 5_000, frozenset({0}))
        for at in (0, 8)
    ]
    only = Crew(frozenset({0}), (ALWAYS,), day_h * HOUR_S, week_h * HOUR_S)
    proposal = propose(Day(asked, [Car(PLACES[0])], [only], roads(), LIMIT))
    assert len(proposal.lines) == served
    assert len(proposal.without_crew) == 2 - served


@pytest.mark.parametrize(("gap_s", "served"), [(599, 1), (600, 2)])
def test_between_two_rides_in_a_row_lies_the_turnaround(gap_s: int, served: int) -> None:
    far, near = PLACES[3], PLACES[0]
    first = Ride((0, HOUR_S), near, far, 5_000, frozenset({0}))
    second = Ride((HOUR_S + gap_s, 3 * HOUR_S), far, near, 5_000, frozenset({0}))
    able = Crew(frozenset({0}), (ALWAYS,), 999_999, 999_999)
    proposal = propose(Day([first, second], [Car(near)], [able], roads(), LIMIT))
    assert len(proposal.lines) == served


def test_the_first_broken_is_the_promise_that_begins_first_whatever_it_lacks() -> None:
    def ride(at: int, car: int, *, promised: bool = True) -> Ride:
        span = (at * HOUR_S, (at + 1) * HOUR_S)
        return Ride(span, PLACES[0], PLACES[0], 5_000, frozenset({car}), promised)

    # The latest has no vehicle, the others no driver; what was never promised can't break.
    asked = [ride(12, 7), ride(4, 0), ride(8, 0), ride(0, 0, promised=False)]
    day = Day(asked, [Car(PLACES[0])], [], roads(), LIMIT)
    proposal = propose(day)
    assert (proposal.without_car, proposal.without_crew) == ((0,), (1, 2, 3))
    assert first_broken(day, proposal) == 1


def test_what_would_save_a_promise_is_tried_and_told() -> None:
    ride = Ride((0, HOUR_S), PLACES[0], PLACES[0], 5_000, frozenset({0}))
    day = Day([ride, ride], [Car(PLACES[0])], [], roads(), LIMIT)
    alone = propose(day)
    assert (alone.without_car, alone.without_crew) in {((1,), (0,)), ((0,), (1,))}
    assert saved_by(day, first_broken(day, alone) or 0, alone, ALWAYS) == (False, True)
    able = Crew(frozenset({0}), (ALWAYS,), 999_999, 999_999)
    day = Day([ride, ride], [Car(PLACES[0])], [able, able], roads(), LIMIT)
    assert saved_by(day, 1, propose(day), ALWAYS) == (True, False)


def test_a_vehicle_drives_on_instead_of_over_its_base_with_the_same_driver() -> None:
    far, near = PLACES[3], PLACES[0]
    first = Ride((0, HOUR_S), near, far, 5_000, frozenset({0, 1}))
    second = Ride((2 * HOUR_S, 3 * HOUR_S), far, near, 5_000, frozenset({0, 1}))
    people = [Crew(frozenset({0, 1}), (ALWAYS,), 999_999, 999_999) for _ in range(2)]
    proposal = propose(Day([first, second], [Car(near), Car(near)], people, roads(), LIMIT))
    one, other = proposal.lines
    assert (one.car, one.crew) == (other.car, other.crew)
    assert (one.empty_m, other.empty_m, proposal.empty_m) == (0, 0, 0)


def _drives_what_it_can(day: Day, v: int, lines: Sequence[Line]) -> None:
    car = day.cars[v]
    mine = sorted((day.rides[line.ride] for line in lines), key=lambda ride: ride.span)
    assert all(v in ride.vehicles for ride in mine)
    driven, at = 0, car.base
    for ride in mine:
        driven += ride.length_m + day.roads.metres(at, ride.origin)
        at = ride.ends_at
        assert not any(since < ride.span[1] and ride.span[0] < until for since, until in car.taken)
    for ride, after in pairwise(mine):
        way_s = day.roads.seconds(ride.ends_at, after.origin)
        assert ride.span[1] + way_s + LIMIT.turnaround_s <= after.span[0]
    if car.range_m is not None and mine:
        assert driven <= car.range_m


def _works_within_hours(day: Day, crew: Crew, lines: Sequence[Line]) -> None:
    mine = sorted((day.rides[line.ride] for line in lines), key=lambda ride: ride.span)
    assert all(line.car in crew.cars for line in lines)
    assert all(one.span[1] <= after.span[0] for one, after in pairwise(mine))
    work_s = sum(ride.span[1] - ride.span[0] for ride in mine)
    assert min(work_s, LIMITS.planned_day_s) <= min(crew.day_left_s, crew.week_left_s)
    for ride in mine:
        assert any(since <= ride.span[0] and ride.span[1] <= until for since, until in crew.free)


def _worth(day: Day, proposal: Proposal) -> tuple[int, int, int]:
    promised = sum(day.rides[line.ride].promised for line in proposal.lines)
    return promised, len(proposal.lines), -proposal.empty_m


def _all_worths(day: Day) -> Iterator[tuple[int, int, int]]:
    """Try each ride with each vehicle and with none, and every way between two of one vehicle."""
    for choice in product((None, 0, 1), repeat=len(day.rides)):
        if any(v is not None and v not in day.rides[r].vehicles for r, v in enumerate(choice)):
            continue
        empty_m = 0
        for v, car in enumerate(day.cars):
            mine = sorted(
                (day.rides[r] for r, of in enumerate(choice) if of == v), key=lambda one: one.span
            )
            driven = _least_empty_m(day, car, mine)
            if driven is None:
                break
            empty_m += driven
        else:
            served = [day.rides[r] for r, v in enumerate(choice) if v is not None]
            yield sum(ride.promised for ride in served), len(served), -empty_m


def _least_empty_m(day: Day, car: Car, mine: Sequence[Ride]) -> int | None:
    if not mine:
        return 0
    road = day.roads
    total = road.metres(car.base, mine[0].origin) + road.metres(mine[-1].ends_at, car.base)
    for one, after in pairwise(mine):
        gap_s = after.span[0] - one.span[1]
        ways = []
        direct_s = road.seconds(one.ends_at, after.origin) + LIMIT.turnaround_s
        if direct_s <= gap_s <= LIMIT.longest_wait_s:
            ways.append(road.metres(one.ends_at, after.origin))
        over_s = road.seconds(one.ends_at, car.base) + road.seconds(car.base, after.origin)
        if over_s + LIMIT.turnaround_s <= gap_s:
            ways.append(road.metres(one.ends_at, car.base) + road.metres(car.base, after.origin))
        if not ways:
            return None
        total += min(ways)
    return total
