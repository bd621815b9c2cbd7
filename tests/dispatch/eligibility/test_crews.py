"""Drivers in columns are the same drivers, and a crew is a part of them."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from dispatch.eligibility.choices import DriverChoice
from dispatch.eligibility.crews import Drivers, joined
from tests.dispatch.eligibility.choosing import NOW, driver

SECONDS = st.integers(0, 2**40)
INSTANTS = st.none() | st.integers(-(10**6), 10**6).map(lambda s: NOW + timedelta(seconds=s))
DRIVERS = st.builds(
    DriverChoice,
    no=st.integers(1, 2**62),
    licence_class=st.sampled_from(("A1", "B1", "C1", "无")),
    licence_until=INSTANTS,
    busy_until=INSTANTS,
    duty_s=SECONDS,
    on_leave=st.booleans(),
    off_shift=st.booleans(),
    week_s=SECONDS,
)
CREWS = st.lists(st.lists(DRIVERS, max_size=4), max_size=5)


def crews_of(told: list[list[DriverChoice]]) -> list[list[DriverChoice]]:
    everybody = Drivers.of([one for crew in told for one in crew])
    return [list(crew) for crew in everybody.crews([len(crew) for crew in told])]


@given(CREWS)
def test_crews_in_columns_are_the_same_crews(told: list[list[DriverChoice]]) -> None:
    assert crews_of(told) == told


@given(CREWS, st.randoms(use_true_random=False))
def test_crews_joined_in_any_order_are_the_drivers_one_after_another(
    told: list[list[DriverChoice]], random: Random
) -> None:
    crews = Drivers.of([one for crew in told for one in crew]).crews([len(c) for c in told])
    random.shuffle(crews)
    assert list(joined(crews)) == [one for crew in crews for one in crew]


def test_drivers_of_several_columns_are_joined_too() -> None:
    first, second = Drivers.of([driver(1), driver(2)]).crews([1, 1])
    other = Drivers.of([replace(driver(3), duty_s=60)]).crews([1])
    assert list(joined([second, *other, (driver(4),)])) == [
        driver(2),
        driver(3, duty_s=60),
        driver(4),
    ]
    assert (list(first), list(joined([]))) == ([driver(1)], [])


def test_a_part_of_a_crew_is_read_as_of_a_list() -> None:
    told = [driver(n) for n in range(1, 6)]
    crew = Drivers.of(told).crews([1, 4])[1]
    assert (crew[0], crew[-1], crew[1:3], len(crew)) == (told[1], told[4], told[2:4], 4)
    assert crew == told[1:]
    assert crew[0] is crew[0]
