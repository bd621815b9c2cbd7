"""Which licence class covers which vehicle (准驾车型)."""

import pytest

from fleet.people.licences import may_drive
from fleet.vehicles.words import Body

CLASSES = ("A1", "A2", "A3", "B1", "B2", "C1", "C2", "C3", "C4", "C5", "C6")


@pytest.mark.parametrize(
    ("body", "seats", "classes"),
    [
        (Body.SEDAN, 5, {"A1", "A2", "A3", "B1", "B2", "C1", "C2"}),
        (None, 9, {"A1", "A2", "A3", "B1", "B2", "C1", "C2"}),
        (Body.MINIBUS, 10, {"A1", "A2", "B1"}),
        (Body.MINIBUS, 19, {"A1", "A2", "B1"}),
        (Body.COACH, 20, {"A1"}),
        (Body.TRUCK, 3, {"A1", "A2", "B2"}),
    ],
)
def test_a_class_covers_its_own_vehicles_and_those_of_the_classes_that_it_includes(
    body: Body | None, seats: int, classes: set[str]
) -> None:
    assert {one for one in CLASSES if may_drive(one, body, seats)} == classes
    assert not may_drive("D", body, seats)
    assert may_drive("c1", None, 5)


@pytest.mark.parametrize("licence_class", CLASSES)
def test_more_seats_never_ask_for_less(licence_class: str) -> None:
    covered = [may_drive(licence_class, None, seats) for seats in range(2, 60)]
    assert covered == sorted(covered, reverse=True)
