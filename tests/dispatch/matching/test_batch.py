"""Batch matching: rules obeyed, classes in their order, lists that grow, the same answer always."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from dispatch.eligibility.choices import Fix, VehicleChoice
from dispatch.eligibility.columns import fixes_of
from dispatch.eligibility.drivers import is_available
from dispatch.eligibility.rules import objection
from dispatch.matching.batch import match_batch
from dispatch.matching.columns import Fleet
from dispatch.matching.problem import Matching, Priority, Waiting
from dispatch.matching.ranking import RankingTerms, rank
from dispatch.matching.weights import Weights
from dispatch.roads.straight_line import StraightLineTravelTimes
from tests.dispatch.matching import worlds
from tests.dispatch.matching.worlds import AT, plain_driver, plain_vehicle, plain_waiting

STRAIGHT = StraightLineTravelTimes()
FEW = Weights(nearest=1)
SEEDS = range(6)


def match(
    waiting: Sequence[Waiting], vehicles: Sequence[VehicleChoice], weights: Weights = FEW
) -> Matching:
    return match_batch(waiting, vehicles, AT, STRAIGHT, weights)


def served(matching: Matching) -> dict[int, int]:
    return {match.request.int: match.vehicle_no for match in matching.matches}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_match_obeys_all_rules_and_nobody_is_matched_twice(seed: int) -> None:
    chance = random.Random(seed)
    vehicles, waiting = worlds.vehicles(chance, 40), worlds.waiting(chance, 25)
    matching = match(waiting, vehicles)
    choice, asked = {v.no: v for v in vehicles}, {w.id: w for w in waiting}
    for one in matching.matches:
        vehicle, need = choice[one.vehicle_no], asked[one.request].need
        assert objection(vehicle, need, AT) is None
        driver = next(d for d in vehicle.drivers if d.no == one.driver_no)
        assert is_available(driver, vehicle, need)
    assert len({one.vehicle_no for one in matching.matches}) == len(matching.matches)
    assert len({one.driver_no for one in matching.matches}) == len(matching.matches)
    assert {one.request for one in matching.matches} | set(matching.unserved) == set(asked)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_the_input_decides_nothing(seed: int) -> None:
    chance = random.Random(seed)
    vehicles, waiting = worlds.vehicles(chance, 30), worlds.waiting(chance, 20)
    told = match(waiting, vehicles)
    chance.shuffle(vehicles)
    chance.shuffle(waiting)
    assert match(waiting, vehicles) == told


@pytest.mark.parametrize("seed", range(20))
def test_small_batches_are_the_best_of_all_that_can_be(seed: int) -> None:
    """By class: most served, then least cost; drivers shared by the vehicles of a unit."""
    chance = random.Random(seed)
    waiting = worlds.waiting(chance, 4)
    vehicles = worlds.vehicles(chance, 5, units=2)
    crew = [plain_driver(no) for no in range(1, 11)]
    split = chance.randint(1, 3)
    vehicles = [
        replace(v, drivers=tuple(crew[:split] if v.unit_no == 1 else crew[split:]), seats=9)
        for v in vehicles
    ]
    matching = match(waiting, vehicles, Weights())
    costs = {
        (w.id, v.no): ranked.candidates[0].cost.total_s
        for w in waiting
        for v in vehicles
        if (ranked := rank([v], w.need, AT, STRAIGHT)).candidates
    }

    def place(found: Sequence[int | None]) -> tuple[tuple[int, int], ...]:
        return tuple(
            (
                sum(v is None for v, w in zip(found, waiting, strict=True) if w.priority == p),
                sum(
                    costs[w.id, v]
                    for v, w in zip(found, waiting, strict=True)
                    if w.priority == p and v is not None
                ),
            )
            for p in Priority
        )

    options = [[None, *(v.no for v in vehicles if (w.id, v.no) in costs)] for w in waiting]
    limit = {1: split, 2: 10 - split}
    unit_of = {v.no: v.unit_no for v in vehicles}
    possible = [
        found
        for found in product(*options)
        if len({v for v in found if v is not None}) == sum(v is not None for v in found)
        if all(
            sum(v is not None and unit_of[v] == unit for v in found) <= limit[unit]
            for unit in limit
        )
    ]
    answer = {one.request: one.vehicle_no for one in matching.matches}
    assert place([answer.get(w.id) for w in waiting]) == min(place(found) for found in possible)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_batch_of_one_is_what_the_ranking_puts_first(seed: int) -> None:
    chance = random.Random(seed)
    vehicles = worlds.vehicles(chance, 40)
    for waiting in worlds.waiting(chance, 8):
        ranked = rank(vehicles, waiting.need, AT, STRAIGHT, RankingTerms(measured=40))
        matching = match([waiting], vehicles, Weights())
        if not ranked.candidates:
            assert matching.unserved == (waiting.id,)
            continue
        first, one = ranked.candidates[0], matching.matches[0]
        assert one.cost == first.cost
        assert (one.arrival_s, one.empty_m) == (first.arrival_s, first.empty_m)


def test_a_lower_class_takes_no_vehicle_that_a_higher_one_needs() -> None:
    near, far = plain_vehicle(1, 0.001), plain_vehicle(2, 0.05)
    ordinary = plain_waiting(1, 0.001)
    for higher in (Priority.EMERGENCY, Priority.CONFIDENTIAL, Priority.MISSION):
        urgent = plain_waiting(2, 0.0, higher)
        assert served(match([ordinary, urgent], [near, far])) == {2: 1, 1: 2}
        assert served(match([ordinary, urgent], [near])) == {2: 1}


def test_a_higher_class_leaves_a_lower_one_what_is_all_the_same_to_it() -> None:
    either, seven = plain_vehicle(1), plain_vehicle(2, seats=7)
    urgent = plain_waiting(1, 0.01, Priority.EMERGENCY)
    many = plain_waiting(2, 0.01, passengers=6)
    assert served(match([urgent, many], [either, seven], Weights())) == {1: 1, 2: 2}
    swapped = [replace(either, no=2), replace(seven, no=1)]
    assert served(match([urgent, many], swapped, Weights())) == {1: 2, 2: 1}


def test_many_of_a_lower_class_do_not_outweigh_one_of_a_higher() -> None:
    vehicles = [plain_vehicle(no, no * 0.01) for no in range(1, 6)]
    many = [plain_waiting(no, no * 0.01 - 0.01) for no in range(1, 6)]
    urgent = plain_waiting(9, 0.03, Priority.MISSION)
    assert served(match([*many, urgent], vehicles))[9] == 3


def test_lists_grow_until_nobody_more_can_be_served() -> None:
    """All ask at one place, whose nearest vehicle is the same for all."""
    vehicles = [plain_vehicle(no, no * 0.001) for no in range(1, 31)]
    waiting = [plain_waiting(no) for no in range(1, 26)]
    matching = match(waiting, vehicles)
    assert sorted(served(matching).values()) == list(range(1, 26))
    assert matching.is_largest


def test_lists_of_those_who_hold_what_others_could_have_grow_too() -> None:
    """The first request knows only the vehicle that is the second's one chance."""
    only, other = plain_vehicle(1, 0.001, seats=7), plain_vehicle(2, 0.02)
    easy, many = plain_waiting(1), plain_waiting(2, 0.001, passengers=6)
    assert served(match([easy, many], [only, other])) == {1: 2, 2: 1}


def test_no_more_vehicles_of_a_unit_go_out_than_it_has_drivers() -> None:
    shared = (plain_driver(1),)
    of_unit = [plain_vehicle(n, n * 0.001, unit_no=1, drivers=shared) for n in (1, 2, 3)]
    elsewhere = plain_vehicle(9, 0.02)
    waiting = [plain_waiting(1), plain_waiting(2), plain_waiting(3)]
    assert sorted(served(match(waiting, [*of_unit, elsewhere])).values()) == [1, 9]


def test_the_limit_of_pairs_ends_the_search_and_says_so() -> None:
    vehicles = [plain_vehicle(no, no * 0.001) for no in range(1, 31)]
    waiting = [plain_waiting(no) for no in range(1, 26)]
    matching = match(waiting, vehicles, Weights(nearest=1, most_pairs=30))
    assert not matching.is_largest
    assert matching.unserved


def test_duty_decides_between_vehicles_that_are_as_near() -> None:
    tired = plain_vehicle(1, drivers=(plain_driver(1, duty_s=4 * 3600),))
    rested = plain_vehicle(2)
    assert served(match([plain_waiting(1)], [tired, rested], Weights())) == {1: 2}


def test_of_equals_the_lowest_number_goes() -> None:
    assert served(match([plain_waiting(1)], [plain_vehicle(n) for n in (3, 1, 2)], Weights())) == {
        1: 1
    }


def test_without_requests_or_vehicles_there_is_nothing_to_match() -> None:
    assert match([], [plain_vehicle(1)]).matches == ()
    assert [u.int for u in match([plain_waiting(1)], []).unserved] == [1]


def test_vehicles_that_may_not_serve_are_not_matched() -> None:
    out = [plain_vehicle(1, busy_until=AT.now + timedelta(hours=1)), plain_vehicle(2, drivers=())]
    assert [u.int for u in match([plain_waiting(1)], out).unserved] == [1]


def test_a_vehicle_without_a_way_to_the_passengers_is_not_matched() -> None:
    far = plain_vehicle(1, 5.0)
    assert [u.int for u in match([plain_waiting(1)], [far]).unserved] == [1]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_prepared_fleet_at_new_positions_answers_as_a_fresh_one_does(seed: int) -> None:
    chance = random.Random(seed)
    vehicles = worlds.vehicles(chance, 40)
    fleet = Fleet.of(vehicles)
    for _ in range(3):
        waiting = worlds.waiting(chance, 15)
        seen = {
            v.no: chance.choice((None, v.fix, Fix(worlds.point(chance), AT.now))) for v in vehicles
        }
        moved = [replace(v, fix=seen[v.no]) for v in vehicles]
        fixes = fixes_of([seen[no] for no in fleet.choices.nos.tolist()])
        again = match_batch(waiting, fleet.seen(fixes), AT, STRAIGHT, FEW)
        assert again == match(waiting, moved)


@pytest.mark.parametrize("seed", SEEDS)
def test_lists_that_begin_at_the_first_step_of_use_cost_no_more_than_those_of_all(
    seed: int,
) -> None:
    chance = random.Random(seed)
    vehicles = worlds.vehicles(chance, 60, units=6)
    waiting = [replace(w, priority=Priority.ORDINARY) for w in worlds.waiting(chance, 40)]
    weights = Weights()
    by_step = match(waiting, vehicles, weights)
    # Arrivals that may outweigh a step make lists hold all steps at once.
    all_steps = replace(weights, longest_arrival_s=weights.use_step_s)
    of_all = match(waiting, vehicles, all_steps)
    assert len(by_step.matches) == len(of_all.matches)
    cost_s, least_s = (sum(m.cost.total_s for m in one.matches) for one in (by_step, of_all))
    assert cost_s == least_s


def test_who_holds_a_vehicle_takes_a_later_step_of_use_so_that_another_moves_up_by_more() -> None:
    """The second request may have the first one's own vehicle, or else a rented one."""
    own = plain_vehicle(1, unit_no=1, seats=7)
    pool, rented = plain_vehicle(2, 0.01), plain_vehicle(3, 0.01, seats=7, holding="rental")
    first, many = plain_waiting(1, unit_no=1), plain_waiting(2, passengers=6)
    assert served(match([first, many], [own, pool, rented], Weights())) == {1: 2, 2: 1}
