"""The standards of article 7, as a rule without a database; bounds include their own value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.quotas.standards import Cap, Judged, breaches
from fleet.vehicles.words import Body, Condition
from fleet.words import Category

CAPS = [
    Cap(None, Category.ENFORCEMENT, Condition.NORMAL, frozenset(), False, 12_000_000, 1600),
    Cap(None, Category.ENFORCEMENT, Condition.WORK_NEEDS, frozenset(), False, 18_000_000, 1800),
    Cap(
        None,
        Category.ENFORCEMENT,
        Condition.SPECIAL_CIRCUMSTANCES,
        frozenset({Body.COACH}),
        False,
        45_000_000,
        None,
    ),
    Cap(None, None, Condition.NORMAL, frozenset({Body.SEDAN}), True, 18_000_000, None),
]


def judged(
    price_fen: int | None,
    displacement_ml: int | None,
    condition: Condition = Condition.NORMAL,
    body: Body | None = Body.SEDAN,
    new_energy: bool = False,
) -> Judged:
    return Judged(Category.ENFORCEMENT, condition, body, new_energy, price_fen, displacement_ml)


@pytest.mark.parametrize(
    ("vehicle", "fields"),
    [
        (judged(12_000_000, 1600), set()),
        (judged(12_000_001, 1600), {"price_fen"}),
        (judged(12_000_001, 1601), {"price_fen", "displacement_ml"}),
        (judged(18_000_000, 1800, Condition.WORK_NEEDS), set()),
        (judged(18_000_001, 1800, Condition.WORK_NEEDS), {"price_fen"}),
        (judged(45_000_000, 9000, Condition.SPECIAL_CIRCUMSTANCES, Body.COACH), set()),
        (judged(None, None), set()),
        (judged(None, 1601), {"displacement_ml"}),
        (judged(18_000_000, None, new_energy=True), set()),
        (judged(18_000_001, None, new_energy=True), {"price_fen"}),
        (judged(12_000_001, 1500, body=Body.SUV, new_energy=True), {"price_fen"}),
    ],
)
def test_a_bound_is_exceeded_by_more_than_its_own_value(vehicle: Judged, fields: set[str]) -> None:
    assert {one.field for one in breaches(vehicle, CAPS)} == fields


@pytest.mark.parametrize("condition", [Condition.WORK_NEEDS, Condition.SPECIAL_CIRCUMSTANCES])
def test_a_condition_without_a_standard_gives_no_more_room(condition: Condition) -> None:
    courier = Cap(
        None, Category.CONFIDENTIAL_COURIER, Condition.NORMAL, frozenset(), False, 12_000_000, 1600
    )
    vehicle = Judged(Category.CONFIDENTIAL_COURIER, condition, Body.SEDAN, False, 12_000_001, None)
    assert [one.most for one in breaches(vehicle, [*CAPS, courier])] == [12_000_000]


def test_an_unknown_body_has_no_special_standard() -> None:
    vehicle = judged(30_000_000, None, Condition.SPECIAL_CIRCUMSTANCES, body=None)
    assert [one.most for one in breaches(vehicle, CAPS)] == [12_000_000]


PRICES = st.integers(0, 30_000_000)


@given(PRICES, PRICES, PRICES)
def test_a_lower_level_can_only_be_stricter(price_fen: int, above_fen: int, below_fen: int) -> None:
    def cap(setter_no: int | None, most_fen: int) -> Cap:
        return Cap(setter_no, None, Condition.NORMAL, frozenset(), False, most_fen, None)

    found = breaches(judged(price_fen, None), [cap(None, above_fen), cap(7, below_fen)])
    assert [one.most for one in found] == (
        [min(above_fen, below_fen)] if price_fen > min(above_fen, below_fen) else []
    )
