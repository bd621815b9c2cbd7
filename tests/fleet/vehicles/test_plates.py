"""Plates have a form, and each form its colours."""

import pytest

from fleet.vehicles.plates import (
    BadPlate,
    PlateColour,
    PlateColourMismatch,
    PolicePlateRefused,
    read_plate,
)
from fleet.vehicles.vin import vin_check_digit, vin_is_doubtful

C = PlateColour


@pytest.mark.parametrize(
    ("text", "colour", "stored"),
    [
        ("蒙A·12345", C.BLUE, "蒙A12345"),
        ("蒙a12345", C.YELLOW, "蒙A12345"),
        ("蒙Ａ１２３４５", C.BLUE, "蒙A12345"),
        ("蒙A1234警", C.WHITE, "蒙A1234警"),
        ("蒙A1234学", C.YELLOW, "蒙A1234学"),
        ("蒙A1234挂", C.YELLOW, "蒙A1234挂"),
        ("粤Z1234港", C.BLACK, "粤Z1234港"),
        ("京A1234领", C.BLACK, "京A1234领"),
        ("蒙AD12345", C.GREEN, "蒙AD12345"),
        ("蒙AKA1234", C.GREEN, "蒙AKA1234"),
        ("蒙A12345F", C.YELLOW_GREEN, "蒙A12345F"),
    ],
)
def test_every_form_of_plate_is_read_in_its_colour(
    text: str, colour: PlateColour, stored: str
) -> None:
    assert read_plate(text, colour, demo=False) == stored


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("蒙A12345", C.GREEN),
        ("蒙AD12345", C.BLUE),
        ("蒙AD12345", C.YELLOW_GREEN),
        ("蒙A12345D", C.GREEN),
        ("蒙A1234警", C.BLUE),
        ("粤Z1234港", C.WHITE),
    ],
)
def test_a_plate_in_a_colour_that_its_form_never_has_is_refused(
    text: str, colour: PlateColour
) -> None:
    with pytest.raises(PlateColourMismatch):
        read_plate(text, colour, demo=False)


@pytest.mark.parametrize("text", ["", "A12345", "蒙I12345", "蒙A1234O", "蒙A1234٣", "蒙AL12345"])
def test_what_has_no_form_of_a_plate_is_refused(text: str) -> None:
    with pytest.raises(BadPlate):
        read_plate(text, C.BLUE, demo=False)


def test_old_police_plates_are_refused_unless_the_operator_takes_them() -> None:
    with pytest.raises(PolicePlateRefused):
        read_plate("京O12345", C.BLUE, demo=False)
    assert read_plate("京O12345", C.BLUE, demo=False, police_o=True) == "京O12345"


def test_the_check_digit_of_a_vin_is_the_one_of_the_standard() -> None:
    assert vin_check_digit("1M8GDM9AXKP042788") == "X"
    assert vin_check_digit("LSVAA49J132047371") == "1"
    assert not vin_is_doubtful("LSVAA49J132047371")
    assert vin_is_doubtful("LSVAA49J232047371")
