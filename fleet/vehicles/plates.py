"""Number plates (号牌): their form, and the colours that each form may have.

Sources: GA 36 (form and colour), GB/T 40660 (new energy); JT/T 697.7 (colours). Plates of the
invented province 示 exist only in the demo world.
"""

import re
import unicodedata
from enum import StrEnum

from fleet.words import Energy
from kit.errors import BadRequest

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_INVENTED = "示"
_SEPARATORS = str.maketrans("", "", " ·•-")


class PlateColour(StrEnum):
    """The colour of a plate; with the plate it names a vehicle."""

    BLUE = "blue"
    YELLOW = "yellow"
    BLACK = "black"
    WHITE = "white"
    GREEN = "green"
    YELLOW_GREEN = "yellow_green"


_C = PlateColour
_PURELY_ELECTRIC = "DABCE"

_FORMS = tuple((re.compile(form, re.ASCII), colours) for form, colours in (
    # Small and large vehicles have the same form; the colour tells them apart.
    (r"[A-HJ-NP-Z][A-HJ-NP-Z0-9]{5}", {_C.BLUE, _C.YELLOW}),
    (r"[A-HJ-NP-Z][A-HJ-NP-Z0-9]{4}警", {_C.WHITE}),
    (r"[A-HJ-NP-Z][A-HJ-NP-Z0-9]{4}[学挂]", {_C.YELLOW}),
    (r"[A-HJ-NP-Z][A-HJ-NP-Z0-9]{4}[港澳使领]", {_C.BLACK}),
    (r"[A-HJ-NP-Z][ABCDEFGHJK][A-HJ-NP-Z0-9]\d{4}", {_C.GREEN}),  # new energy, small
    (r"[A-HJ-NP-Z]\d{5}[ABCDEFGHJK]", {_C.YELLOW_GREEN}),  # new energy, large
))  # fmt: skip


# Some old police plates have O for the office; they mostly belong to vehicles that are secret.
_POLICE_O = (re.compile(r"O[A-HJ-NP-Z0-9]{5}", re.ASCII), {_C.BLUE, _C.WHITE})


class BadPlate(BadRequest):
    """This is not the form of a number plate."""


class PlateColourMismatch(BadRequest):
    """Plates of this form are not of that colour."""


class PlateEnergyMismatch(BadRequest):
    """Green plates are of new-energy vehicles, and this one burns petrol or diesel only."""


class PolicePlateRefused(BadRequest):
    """Plates with O for the issuing office are not taken into this register."""


def read_plate(
    text: str, colour: PlateColour | None = None, *, demo: bool, police_o: bool = False
) -> str:
    """Return the plate in its one stored form: capitals, full width folded, no separators.

    colour: the plate's colour, which has to fit its form; None leaves it unjudged
    demo: whether plates of the invented province are accepted
    police_o: whether old police plates, whose office is the letter O, are accepted
    Raises BadPlate, PlateColourMismatch, PolicePlateRefused.
    """
    plate = unicodedata.normalize("NFKC", text).upper().translate(_SEPARATORS)
    provinces = _PROVINCES + _INVENTED if demo else _PROVINCES
    if not plate or plate[0] not in provinces:
        raise BadPlate
    colours = _colours(plate[1:])
    if _POLICE_O[0].fullmatch(plate[1:]):
        if not police_o:
            raise PolicePlateRefused
        colours = _POLICE_O[1]
    if not colours:
        raise BadPlate
    if colour is not None and colour not in colours:
        raise PlateColourMismatch(f"It may be {', '.join(sorted(colours))}.")
    return plate


def is_new_energy(colour: PlateColour) -> bool:
    """Return whether plates of this colour are given to new-energy vehicles only."""
    return colour in {PlateColour.GREEN, PlateColour.YELLOW_GREEN}


def check_energy(colour: str, energy: str) -> None:
    """Refuse a plate of new-energy vehicles for one that burns fuel only.

    The other way about is no contradiction: electric vehicles from before these plates were given
    may keep the one that they have. Source: GA 36. Raises PlateEnergyMismatch.
    """
    if is_new_energy(PlateColour(colour)) and energy in (Energy.PETROL, Energy.DIESEL):
        raise PlateEnergyMismatch


def energy_is_doubtful(plate: str, colour: str, energy: str) -> bool:
    """Return whether the plate's letter says purely electric and the energy not, or reverse.

    Of new-energy plates D, A, B, C and E are for the purely electric, F, G, H, J and K for others.
    """
    letter = {PlateColour.GREEN: 2, PlateColour.YELLOW_GREEN: 7}.get(PlateColour(colour))
    if letter is None or len(plate) <= letter:
        return False
    return (plate[letter] in _PURELY_ELECTRIC) != (energy == Energy.ELECTRIC)


def _colours(rest: str) -> set[PlateColour]:
    """Return the colours of all forms that the plate's part after the province has."""
    return set().union(*(colours for form, colours in _FORMS if form.fullmatch(rest)))
