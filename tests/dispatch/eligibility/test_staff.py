"""Drivers judged at once are judged as one by one, and are taken as rides would choose in turn."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.eligibility.choices import DriverChoice, VehicleChoice
from dispatch.eligibility.columns import Choices
from dispatch.eligibility.crews import mean_duty_s
from dispatch.eligibility.driver_rules import DRIVER_RULES, DriverRule
from dispatch.eligibility.drivers import is_available
from dispatch.eligibility.duty_hours import day_beyond, week_beyond
from dispatch.eligibility.need import Need
from dispatch.eligibility.rides import Rides
from dispatch.eligibility.rules.driver import driver, sentence
from dispatch.eligibility.staff import NOBODY, OF_RIDE, READS, Staff
from fleet.duty.hours import DutyLimits
from fleet.vehicles.words import Body
from tests.dispatch.eligibility import choosing
from tests.dispatch.eligibility.choosing import AT, NOW, need, vehicle

HOUR = 3600
RIDES = st.builds(
    lambda start_s, length_s: need(
        start=NOW + timedelta(seconds=start_s),
        end=NOW + timedelta(seconds=start_s + length_s),
    ),
    st.floats(-40 * 86_400, 40 * 86_400).map(lambda s: round(s, 6)),
    st.integers(0, 9 * 86_400) | st.just(0) | st.floats(0, 3.0).map(lambda s: round(s, 6)),
)


def crew(random: Random, unit: int) -> tuple[DriverChoice, ...]:
    """Up to six drivers of a unit; every rule strikes some."""
    return tuple(
        DriverChoice(
            no=100 * unit + n,
            licence_class=random.choice(("C1", "C1", "B1", "A1", "c1", "X")),
            licence_until=random.choice((None, NOW, NOW + timedelta(hours=random.randint(0, 9)))),
            busy_until=random.choice((None, None, None, NOW + timedelta(hours=2))),
            duty_s=random.choice((0, 1, 4 * HOUR, 8 * HOUR, 8 * HOUR + 1)),
            on_leave=random.random() < 0.15,
            off_shift=random.random() < 0.15,
            week_s=random.choice((0, 20 * HOUR, 40 * HOUR)),
        )
        for n in random.sample(range(50), random.randint(0, 6))
    )


def fleet(random: Random, size: int, units: int = 4) -> list[VehicleChoice]:
    crews = [crew(random, unit) for unit in range(units)]
    return [
        vehicle(
            no=no,
            unit_no=(unit := random.randrange(units)),
            drivers=crews[unit],
            seats=random.choice((5, 9, 19, 40)),
            body=random.choice((None, Body.TRUCK)),
        )
        for no in range(1, size + 1)
    ]


def in_order(crew: Sequence[DriverChoice]) -> list[DriverChoice]:
    return sorted(crew, key=lambda one: (one.duty_s, one.no))


def first_driver(on: VehicleChoice, asked: Need) -> DriverChoice | None:
    return next((one for one in in_order(on.drivers) if is_available(one, on, asked)), None)


@given(st.randoms(use_true_random=False), st.integers(1, 20), RIDES)
def test_best_drivers_found_at_once_are_those_found_one_by_one(
    random: Random, size: int, asked: Need
) -> None:
    vehicles = fleet(random, size)
    staff = Staff(Choices.of(vehicles))
    places = staff.best(np.arange(size), asked).tolist()
    found = [None if place == NOBODY else staff.drivers[place] for place in places]
    assert found == [first_driver(one, asked) for one in vehicles]
    assert staff.mean_duty_s.tolist() == [mean_duty_s(one.drivers) for one in vehicles]


@given(st.randoms(use_true_random=False), RIDES)
def test_who_strikes_a_whole_crew_is_told_in_the_sentence_of_the_rule(
    random: Random, asked: Need
) -> None:
    vehicles = fleet(random, 12, units=12)
    plain = [driver(one, asked, AT) for one in vehicles]
    left = np.flatnonzero([said is not None for said in plain])
    struck = Staff(Choices.of(vehicles)).struck(left, asked)
    assert [sentence(told) for told in struck] == [said for said in plain if said]


def one_by_one(
    rides: Sequence[tuple[VehicleChoice, Need]],
) -> list[int | None]:
    """Each ride in turn takes the first driver whom none before it took."""
    taken: set[int] = set()
    found: list[int | None] = []
    for on, asked in rides:
        left = [d for d in in_order(on.drivers) if d.no not in taken]
        mine = [d.no for d in left if is_available(d, on, asked)]
        found.append(mine[0] if mine else None)
        taken.update(mine[:1])
    return found


@given(
    st.randoms(use_true_random=False), st.integers(1, 15), st.lists(RIDES, min_size=1, max_size=15)
)
def test_drivers_are_taken_as_if_each_ride_chose_in_turn(
    random: Random, size: int, needs: list[Need]
) -> None:
    vehicles = fleet(random, size)
    staff = Staff(Choices.of(vehicles))
    on = np.array([random.randrange(size) for _ in needs])
    places = staff.one_by_one(on, Rides.of(needs)).tolist()
    found = [None if place == NOBODY else staff.drivers[place].no for place in places]
    assert found == one_by_one([(vehicles[i], asked) for i, asked in zip(on, needs, strict=True)])


@given(st.lists(RIDES, min_size=1, max_size=8), st.integers(0, 50 * HOUR))
def test_hours_of_many_rides_are_counted_as_of_each(needs: list[Need], ordered_s: int) -> None:
    many, limits = Rides.of(needs), DutyLimits()
    for i, asked in enumerate(needs):
        alone = Rides.of([asked])
        assert (alone.day_s[0], alone.week_s[0]) == (many.day_s[i], many.week_s[i])
        longer = ordered_s > 0 and ordered_s + many.day_s[i] > limits.planned_day_s
        assert day_beyond(ordered_s, asked, limits) == longer
        longer = ordered_s > 0 and ordered_s + many.week_s[i] > limits.planned_week_s
        assert week_beyond(ordered_s, asked, limits) == longer


class _Watched:
    """A driver who notes which facts are read."""

    def __init__(self, one: DriverChoice) -> None:
        self._one, self.read = one, set[str]()

    def __getattr__(self, name: str) -> object:
        self.read.add(name)
        return getattr(self._one, name)


@pytest.mark.parametrize("rule", DRIVER_RULES, ids=lambda rule: rule.__name__)
def test_a_rule_on_drivers_is_asked_by_the_one_fact_it_reads_or_said_for_columns(
    rule: DriverRule,
) -> None:
    assert (rule in READS) != (rule in OF_RIDE)
    if rule in READS:
        watched = _Watched(replace(choosing.driver(), on_leave=True, off_shift=True))
        rule(watched, vehicle(), None)  # type: ignore[arg-type]
        assert watched.read == {READS[rule]}
