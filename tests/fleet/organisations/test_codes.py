"""USCC check digits (GB 32100), region codes (GB/T 2260) and what is doubtful about them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql import Range

from fleet.organisations import region_codes, uscc
from fleet.organisations.dated import close_at
from fleet.organisations.doubts import OrganisationDoubt, region_doubts, uscc_doubts
from fleet.organisations.errors import LaterChange
from fleet.organisations.region_codes import RegionLevel
from fleet.organisations.region_import import BadRegionFile, read_regions
from fleet.organisations.tables import OrganisationName, Region

_BODY = st.text(uscc.ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize("code", ["91350200MA2YJ1XR9G", "91440101MA5CJQ4N59", "123502001549897397"])
def test_issued_codes_have_the_check_digit_that_their_body_gives(code: str) -> None:
    assert uscc.is_consistent(code)
    assert uscc_doubts(code) == []


def test_an_issued_code_of_the_pilot_years_is_doubted() -> None:
    assert uscc_doubts("91350203M0001QAY9B") == [OrganisationDoubt.USCC_CHECK_DIGIT]


@given(_BODY, st.integers(0, 16), st.sampled_from(uscc.ALPHABET))
def test_any_one_wrong_character_is_noticed(body: str, place: int, other: str) -> None:
    code = body + uscc.check_digit(body)
    wrong = code[:place] + other + code[place + 1 :]
    assert uscc.is_consistent(code)
    assert uscc.is_consistent(wrong) == (wrong == code)


@pytest.mark.parametrize(
    ("code", "level", "upper"),
    [
        ("990000", RegionLevel.PROVINCE, None),
        ("990100", RegionLevel.PREFECTURE, "990000"),
        ("990121", RegionLevel.COUNTY, "990100"),
    ],
)
def test_the_digits_of_a_region_tell_its_level(
    code: str, level: RegionLevel, upper: str | None
) -> None:
    assert (region_codes.level(code), region_codes.upper(code)) == (level, upper)
    assert region_codes.is_well_formed(code)


@pytest.mark.parametrize("code", ["000000", "011000", "990001", "997100", "999900"])
def test_digits_that_the_standard_gives_no_meaning_are_doubted(code: str) -> None:
    assert region_doubts(code, [], date(2026, 1, 1)) == [OrganisationDoubt.REGION_FORM]


def test_a_retired_region_is_doubted_after_its_last_day_only() -> None:
    known = [
        Region(code="990121", name="旧县", valid_from=date(2000, 1, 1), valid_to=date(2020, 1, 1))
    ]
    assert region_doubts("990121", known, date(2019, 12, 31)) == []
    assert region_doubts("990121", known, date(2020, 1, 1)) == [OrganisationDoubt.REGION_RETIRED]
    assert region_doubts("990122", [], date(2020, 1, 1)) == [OrganisationDoubt.REGION_UNKNOWN]


def test_a_file_of_regions_is_refused_whole_with_every_bad_line() -> None:
    lines = [
        "code,name,valid_from,valid_to,successor",
        "990000,示范省,2000-01-01,,",
        "99,短,2000-01-01,,",
        "990100,示范市,2000-13-01,,",
        "990100,示范市,2001-01-01,2000-01-01,",
    ]
    with pytest.raises(BadRegionFile) as refused:
        read_regions(lines)
    assert [f"line {n}:" in str(refused.value) for n in (2, 3, 4, 5)] == [False, True, True, True]
    assert [row.code for row in read_regions(lines[:2])] == ["990000"]


def _at(day: int) -> datetime:
    return datetime(2026, 1, day, tzinfo=UTC)


def _row(start: int | None, end: int | None) -> OrganisationName:
    lower, upper = (None if day is None else _at(day) for day in (start, end))
    return OrganisationName(period=Range(lower, upper, bounds="[)"))


def test_closing_ends_the_open_row_and_leaves_the_ended_ones() -> None:
    old, current = _row(None, 3), _row(3, None)
    assert close_at([old, current], _at(5)) is current
    assert (current.period.lower, current.period.upper) == (_at(3), _at(5))
    assert old.period.upper == _at(3)
    assert close_at([], _at(5)) is None


@pytest.mark.parametrize("rows", [[_row(7, None)], [_row(5, None)], [_row(1, 9)]])
def test_nothing_is_written_under_a_later_change(rows: list[OrganisationName]) -> None:
    with pytest.raises(LaterChange):
        close_at(rows, _at(5))
