"""GB/T 2260 and USCC against what is published: the ranges of digits, real codes, real failures."""

import re

import pytest

from fleet.organisations import region_codes, uscc
from fleet.organisations.region_codes import RegionLevel

VALID = ("91350200MA2YJ1XR9G", "91440101MA5CJQ4N59", "123502001549897397")
PILOT = "91350203M0001QAY9B"


@pytest.mark.parametrize("code", [*VALID, PILOT])
def test_an_issued_uscc_has_the_form_whatever_its_check_digit(code: str) -> None:
    assert re.fullmatch(uscc.PATTERN, code)
    assert uscc.is_consistent(code) == (code in VALID)


@pytest.mark.parametrize("letter", "IOSVZ")
def test_letters_that_gb_32100_leaves_out_have_no_place_in_a_uscc(letter: str) -> None:
    assert letter not in uscc.ALPHABET
    assert not re.fullmatch(uscc.PATTERN, f"{VALID[0][:17]}{letter}")
    assert len(uscc.ALPHABET) == len(set(uscc.ALPHABET)) == 31


@pytest.mark.parametrize("code", VALID)
def test_every_other_last_character_is_noticed(code: str) -> None:
    fitting = [one for one in uscc.ALPHABET if uscc.is_consistent(code[:17] + one)]
    assert fitting == [code[17]]


@pytest.mark.parametrize(
    ("digits", "well_formed"),
    [
        *((prefecture, True) for prefecture in ("01", "20", "21", "50", "51", "70", "90")),
        *((prefecture, False) for prefecture in ("71", "89", "91", "99")),
    ],
)
def test_the_middle_digits_are_those_of_cities_and_other_prefectures(
    digits: str, well_formed: bool
) -> None:
    assert region_codes.is_well_formed(f"23{digits}00") is well_formed
    assert region_codes.level(f"23{digits}00") is RegionLevel.PREFECTURE


@pytest.mark.parametrize("county", ["01", "18", "19", "20", "21", "80", "81", "99"])
def test_every_county_stands_below_its_prefecture_and_none_below_a_province(county: str) -> None:
    """19 and 20 lie in no range of the 2007 text, but districts bear them since (110119)."""
    assert region_codes.is_well_formed(f"2301{county}")
    assert region_codes.upper(f"2301{county}") == "230100"
    assert not region_codes.is_well_formed(f"2300{county}")
