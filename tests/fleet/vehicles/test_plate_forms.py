"""Plate forms by table: every province, NEV letter, O and I, and the edges of the patterns.

The patterns are those of the domain's facts, section 3, read once more and by themselves.
"""

import re

import pytest

from fleet.vehicles.plates import BadPlate, PolicePlateRefused, read_plate
from fleet.vehicles.schemas import NewVehicle
from fleet.vehicles.vin import vin_check_digit, vin_is_doubtful

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PUBLISHED = [
    re.compile(pattern, re.ASCII)
    for pattern in (
        f"^[{PROVINCES}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{4}}[A-HJ-NP-Z0-9警学挂港澳使领]$",
        f"^[{PROVINCES}][A-HJ-NP-Z][ABCDEFGHJK][A-HJ-NP-Z0-9]\\d{{4}}$",
        f"^[{PROVINCES}][A-HJ-NP-Z]\\d{{5}}[ABCDEFGHJK]$",
    )
]


def taken(plate: str) -> bool:
    try:
        return read_plate(plate, demo=False) == plate
    except (BadPlate, PolicePlateRefused):
        return False


@pytest.mark.parametrize("form", ["{}A12345", "{}AD12345", "{}A12345D", "{}A1234警"])
def test_every_province_has_plates_and_nothing_else_is_one(form: str) -> None:
    assert len(set(PROVINCES)) == 31
    assert all(taken(form.format(one)) for one in PROVINCES)
    assert not any(taken(form.format(one)) for one in "示台港澳国军A1 ")


@pytest.mark.parametrize(
    ("form", "allowed"),
    [
        ("蒙{}12345", "ABCDEFGHJKLMNPQRSTUVWXYZ"),  # the office: no I; O is the police's
        ("蒙A{}2345", "ABCDEFGHJKLMNPQRSTUVWXYZ"),
        ("蒙A1234{}", "ABCDEFGHJKLMNPQRSTUVWXYZ"),
        ("蒙A{}12345", "ABCDEFGHJK"),  # small new-energy: battery D A B C E, others F G H J K
        ("蒙AD{}2345", "ABCDEFGHJKLMNPQRSTUVWXYZ"),
        ("蒙A12345{}", "ABCDEFGHJK"),  # large new-energy
        ("蒙AD1234{}", ""),
        ("蒙A1234{}5", ""),
    ],
)
def test_each_place_takes_its_letters_and_no_others(form: str, allowed: str) -> None:
    assert "".join(one for one in LETTERS if taken(form.format(one))) == allowed


@pytest.mark.parametrize(
    "text",
    [
        *("蒙A12345", "蒙AD12345", "蒙A12345F", "蒙A1234学", "粤Z1234澳", "沪A1234使", "蒙ADA1234"),
        *(
            "蒙A1234",
            "蒙A123456",
            "蒙AD1234",
            "蒙AD123456",
            "蒙A12345DD",
            "蒙A12警34",
            "蒙A1234领警",
        ),
        *(
            "蒙A１２３４",
            "蒙A1234\n",
            "蒙A12345\n",
            "蒙I12345",
            "蒙AI2345",
            "蒙AO2345",
            "蒙ADO1234",
        ),
    ],
)
def test_the_register_reads_what_the_published_patterns_match(text: str) -> None:
    matched = any(pattern.fullmatch(text) for pattern in PUBLISHED)
    assert taken(text) == matched


@pytest.mark.parametrize(("vin", "digit"), [("1M8GDM9AXKP042788", "X"), ("LSVAA49J132047371", "1")])
def test_a_published_vin_has_its_check_digit_and_any_other_is_doubted(vin: str, digit: str) -> None:
    assert vin_check_digit(vin) == digit
    doubted = [one for one in "0123456789X" if vin_is_doubtful(f"{vin[:8]}{one}{vin[9:]}")]
    assert doubted == [one for one in "0123456789X" if one != digit]


@pytest.mark.parametrize("letter", ["I", "O", "Q", "i", "-", "٣", " "])
def test_a_vin_has_no_letter_that_looks_like_a_digit(letter: str) -> None:
    form = NewVehicle.model_json_schema()["properties"]["vin"]["anyOf"][0]["pattern"]
    assert re.search(form, "LSVAA49J132047371")
    assert not re.search(form, f"LSVAA49J13204737{letter}")
    assert not re.search(form, "LSVAA49J13204737")
