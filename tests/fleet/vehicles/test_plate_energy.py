"""Plates of new-energy vehicles and the energy that stands in the register."""

import pytest

from fleet.vehicles.plates import (
    PlateColour,
    PlateEnergyMismatch,
    check_energy,
    energy_is_doubtful,
)
from fleet.words import Energy

C, E = PlateColour, Energy


@pytest.mark.parametrize("colour", [C.GREEN, C.YELLOW_GREEN])
@pytest.mark.parametrize("energy", [E.PETROL, E.DIESEL])
def test_a_green_plate_is_refused_for_a_vehicle_that_burns_fuel_only(
    colour: PlateColour, energy: Energy
) -> None:
    with pytest.raises(PlateEnergyMismatch):
        check_energy(colour, energy)


def test_an_electric_vehicle_may_keep_its_old_blue_plate() -> None:
    check_energy(C.BLUE, E.ELECTRIC)
    assert not energy_is_doubtful("蒙A12345", C.BLUE, E.ELECTRIC)


@pytest.mark.parametrize(
    ("plate", "colour", "energy", "doubtful"),
    [
        ("蒙AD12345", C.GREEN, E.ELECTRIC, False),
        ("蒙AD12345", C.GREEN, E.HYBRID, True),
        ("蒙AKA1234", C.GREEN, E.HYBRID, False),
        ("蒙AF12345", C.GREEN, E.ELECTRIC, True),
        ("蒙A12345F", C.YELLOW_GREEN, E.HYBRID, False),
        ("蒙A12345D", C.YELLOW_GREEN, E.HYBRID, True),
    ],
)
def test_the_letter_of_a_new_energy_plate_is_held_against_the_energy(
    plate: str, colour: PlateColour, energy: Energy, doubtful: bool
) -> None:
    assert energy_is_doubtful(plate, colour, energy) is doubtful
