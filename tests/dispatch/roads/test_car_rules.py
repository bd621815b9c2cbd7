"""Which ways cars may use, in which direction, and how fast."""

from __future__ import annotations

import pytest

from dispatch.roads.importing.access_rules import (
    CarAccess,
    car_access,
    has_conditional_access,
    has_unclear_access,
)
from dispatch.roads.importing.car_rules import (
    Direction,
    car_direction,
    driven_speed_kmh,
    posted_limit_kmh,
)


@pytest.mark.parametrize(
    ("tags", "direction"),
    [
        ({"highway": "residential"}, Direction.BOTH),
        ({"highway": "residential", "oneway": "yes"}, Direction.FORWARD),
        ({"highway": "residential", "oneway": "-1"}, Direction.BACKWARD),
        ({"highway": "motorway"}, Direction.FORWARD),
        ({"highway": "motorway", "oneway": "no"}, Direction.BOTH),
        ({"highway": "tertiary", "junction": "roundabout"}, Direction.FORWARD),
        ({"highway": "residential", "oneway": "reversible"}, None),
        ({"highway": "footway"}, None),
        ({"highway": "service", "area": "yes"}, None),
        ({"highway": "service", "access": "private"}, None),
        ({"highway": "service", "access": "no", "motor_vehicle": "yes"}, Direction.BOTH),
        ({"highway": "service", "access": "yes", "motorcar": "no"}, None),
        ({"highway": "residential", "access": "destination"}, Direction.BOTH),
        ({"building": "yes"}, None),
    ],
)
def test_cars_drive_where_the_tags_let_them(
    tags: dict[str, str], direction: Direction | None
) -> None:
    assert car_direction(tags) is direction


@pytest.mark.parametrize(
    ("value", "access"),
    [
        ("private;delivery", CarAccess.ENDS_ONLY),
        ("no;destination", CarAccess.ENDS_ONLY),
        ("private;yes", CarAccess.OPEN),
        ("agricultural;forestry", CarAccess.CLOSED),
        ("psv; emergency", CarAccess.CLOSED),
        ("no ", CarAccess.CLOSED),
        ("No", CarAccess.CLOSED),
        ("Yes", CarAccess.OPEN),
        ("employees", CarAccess.CLOSED),
        ("staff", CarAccess.CLOSED),
        ("official", CarAccess.CLOSED),
        ("restricted", CarAccess.CLOSED),
        ("permissive", CarAccess.OPEN),
        ("unknown", CarAccess.OPEN),
        (" ; ", CarAccess.OPEN),
    ],
)
def test_of_several_words_the_widest_holds_and_unknown_ones_are_private(
    value: str, access: CarAccess
) -> None:
    assert car_access({"highway": "service", "access": value}, forward=True) is access


@pytest.mark.parametrize(
    ("tags", "unclear", "conditional"),
    [
        ({"motor_vehicle": "staff"}, True, False),
        ({"access:forward": "yes;employees"}, True, False),
        ({"access": "private; No", "motorcar": "destination"}, False, False),
        ({"access:conditional": "no @ (22:00-05:00)"}, False, True),
        ({"highway": "service"}, False, False),
    ],
)
def test_unclear_and_conditional_access_is_told(
    tags: dict[str, str], unclear: bool, conditional: bool
) -> None:
    assert (has_unclear_access(tags), has_conditional_access(tags)) == (unclear, conditional)


@pytest.mark.parametrize(
    ("value", "limit_kmh"),
    [
        ("60", 60),
        ("60 km/h", 60),
        ("40mph", pytest.approx(64.37376)),
        ("80;60", 60),
        ("none", None),
        ("walk", None),
        ("CN:urban", None),
        ("0", None),
        ("-20", None),
        ("²", None),
        ("", None),
    ],
)
def test_a_posted_limit_is_read_or_unknown(value: str, limit_kmh: float | None) -> None:
    assert posted_limit_kmh(value) == limit_kmh


def test_a_posted_limit_is_driven_at_four_fifths() -> None:
    assert driven_speed_kmh({"highway": "primary", "maxspeed": "60"}, forward=True) == 48


def test_each_direction_may_have_its_own_limit() -> None:
    tags = {"highway": "primary", "maxspeed": "60", "maxspeed:backward": "30"}
    assert driven_speed_kmh(tags, forward=True) == 48
    assert driven_speed_kmh(tags, forward=False) == 24


def test_a_road_without_a_limit_is_driven_at_its_class_speed() -> None:
    assert driven_speed_kmh({"highway": "residential"}, forward=True) == 25
