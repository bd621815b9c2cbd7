"""The screen says of every pair what the rules say one by one, and misses nobody."""

import random
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.columns import Choices
from dispatch.eligibility.drivers import is_available
from dispatch.eligibility.need import At, Need
from dispatch.eligibility.rules import RULES
from dispatch.eligibility.rules.driver import driver
from dispatch.eligibility.setting_out import setting_out
from dispatch.matching.columns import columns_of, least_asking
from dispatch.matching.ranking import use_of
from dispatch.matching.screening import (
    MORE_NEVER_PASSES,
    Later,
    Screen,
    asked_later,
    reads_need,
)
from tests.dispatch.matching import worlds

SEEDS = range(5)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_screen_answers_as_its_rules_do(seed: int) -> None:
    chance = random.Random(seed)
    fleet, needs = worlds.vehicles(chance, 60), [worlds.need(chance) for _ in range(25)]
    rules = [rule for rule in RULES if rule is not driver and rule not in asked_later()]
    screen = Screen(Choices.of(fleet), worlds.AT)
    for need in needs:
        of_unit, strange = (screen.fits(need, as_own=own).tolist() for own in (True, False))
        for vehicle, own, other in zip(fleet, of_unit, strange, strict=True):
            fits = own if vehicle.unit_no == need.unit_no else other
            assert fits == all(rule(vehicle, need, worlds.AT) is None for rule in rules)


def test_a_new_rule_is_asked_about_matched_pairs_until_it_is_said_what_it_reads() -> None:
    def afternoon(vehicle: VehicleChoice, need: Need, at: At) -> str | None:
        return "上午不用车" if need.start < at.now else None

    assert afternoon in asked_later((*RULES, afternoon))
    assert {rule.__name__ for rule in asked_later()} == {"insured", "inspected", "in_range"}


def test_a_rule_that_looks_at_the_need_is_told_from_one_that_does_not() -> None:
    told = {rule.__name__: reads_need(rule) for rule in RULES}
    assert told["seats"]
    assert told["back"]
    assert not told["in_use"]
    assert not told["free"]


@pytest.mark.parametrize("seed", SEEDS)
def test_who_may_drive_for_any_need_may_for_the_one_that_asks_least(seed: int) -> None:
    chance = random.Random(seed)
    fleet, needs = worlds.vehicles(chance, 30), [worlds.need(chance) for _ in range(10)]
    least = least_asking(needs)
    for vehicle in fleet:
        for one in vehicle.drivers:
            if any(is_available(one, vehicle, need) for need in needs):
                assert is_available(one, vehicle, least)


@pytest.mark.parametrize("seed", SEEDS)
def test_columns_tell_the_steps_of_use_and_the_starts_one_by_one(seed: int) -> None:
    chance = random.Random(seed)
    needs = [worlds.need(chance) for _ in range(5)]
    fleet = columns_of(worlds.vehicles(chance, 40), needs, worlds.AT)
    places = {1: 0, 2: 1, 3: 2, 5: 3}
    for need in needs:
        assert fleet.steps(need).tolist() == [places[use_of(v, need)] for v in fleet.choices]
        is_immediate = need.is_immediate(worlds.NOW, worlds.AT.limits)
        starts = fleet.starts(is_immediate=is_immediate).tolist()
        for vehicle, start in zip(fleet.choices, starts, strict=True):
            judged = setting_out(vehicle, need, worlds.AT)
            assert (judged is None) == (start[0] != start[0])
            assert judged is None or judged.point == tuple(start)


def unsure(chance: random.Random) -> list[VehicleChoice]:
    """Vehicles of which some have documents that end, or little in the battery."""
    return [
        replace(
            vehicle,
            inspection_ended=chance.choice((None, worlds.NOW + timedelta(hours=1))),
            range_m=chance.choice((None, 10_000, 60_000)),
        )
        for vehicle in worlds.vehicles(chance, 30)
    ]


def ride(chance: random.Random) -> Need:
    return replace(worlds.need(chance), ride_m=chance.choice((None, 5_000, 30_000, 90_000)))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_refused_later_is_what_the_rules_refuse_one_by_one(seed: int) -> None:
    chance = random.Random(seed)
    choices = Choices.of(unsure(chance))
    columns = np.array([chance.randrange(30) for _ in range(60)], dtype=np.int64)
    needs = [ride(chance) for _ in columns]
    refused = Later(choices).refuses(choices, columns, needs, worlds.AT).tolist()
    assert refused == [
        any(rule(choices[column], need, worlds.AT) is not None for rule in asked_later())
        for column, need in zip(columns.tolist(), needs, strict=True)
    ]
    assert True in refused
    assert False in refused


@pytest.mark.parametrize("seed", SEEDS)
def test_who_passes_with_the_most_of_a_quantity_passes_with_less(seed: int) -> None:
    chance = random.Random(seed)
    vehicles, needs = unsure(chance), [ride(chance) for _ in range(12)]
    for rule, name in MORE_NEVER_PASSES.items():
        known = [need for need in needs if getattr(need, name) is not None]
        most = max(known, key=lambda need: getattr(need, name))
        for vehicle in vehicles:
            if rule(vehicle, most, worlds.AT) is None:
                assert all(rule(vehicle, need, worlds.AT) is None for need in needs)
