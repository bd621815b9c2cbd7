"""Years without a notice: the statutory days by law, the moon's by the sky."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from chinese_calendar.constants import holidays

from fleet.calendar.days import CalendarStatus, DayKind, YearCalendar
from fleet.calendar.lunar import lunar_festivals
from fleet.calendar.regions import NATION, contains, region_chain
from fleet.calendar.statutory import provisional_layer, statutory_days


@pytest.mark.parametrize("year", range(2014, 2027))
def test_every_statutory_day_is_off_in_every_published_year(year: int) -> None:
    for day, name in statutory_days(year).items():
        assert chinese_calendar.is_holiday(day), (day, name)
    assert len(statutory_days(year)) in ({13} if year >= 2025 else {10, 11})


@pytest.mark.parametrize("year", range(2008, 2027))
def test_each_moon_festival_lies_in_its_published_holiday(year: int) -> None:
    found = lunar_festivals(year)
    spring = sorted(d for d, n in holidays.items() if d.year == year and n == "Spring Festival")
    # The holiday began on the eve, on the first day, or (2026) two days before it.
    assert spring[0] <= found.spring_festival <= spring[0] + timedelta(days=2)
    for day in (found.tomb_sweeping, found.dragon_boat, found.mid_autumn):
        assert chinese_calendar.is_holiday(day), day


@pytest.mark.parametrize(
    ("year", "spring", "boat", "autumn"),
    [
        # Published almanacs; 2033 is the year whose leap month was long computed wrongly.
        (2027, (2, 6), (6, 9), (9, 15)),
        (2028, (1, 26), (5, 28), (10, 3)),
        (2033, (1, 31), (6, 1), (9, 8)),
        (2034, (2, 19), (6, 20), (9, 27)),
    ],
)
def test_later_festivals_are_those_of_the_almanac(
    year: int, spring: tuple[int, int], boat: tuple[int, int], autumn: tuple[int, int]
) -> None:
    found = lunar_festivals(year)
    assert found.spring_festival == date(year, *spring)
    assert found.dragon_boat == date(year, *boat)
    assert found.mid_autumn == date(year, *autumn)


def test_every_year_of_the_supported_ones_can_be_computed() -> None:
    for year in range(1999, 2102):
        found = lunar_festivals(year)
        assert date(year, 1, 20) <= found.spring_festival <= date(year, 2, 21)
        assert found.tomb_sweeping.month == 4


def test_an_unpublished_year_is_provisional_and_knows_weekends_and_statutory_days() -> None:
    year = YearCalendar(2027, NATION, [provisional_layer(2027)])
    assert year.provisional
    assert year.layers[0].status is CalendarStatus.PROVISIONAL
    assert year.day(date(2027, 2, 6)).kind is DayKind.HOLIDAY
    assert year.day(date(2027, 2, 14)).kind is DayKind.REST
    assert year.day(date(2027, 2, 15)).kind is DayKind.WORKDAY
    with pytest.raises(ValueError, match="no day of 2027"):
        year.day(date(2026, 12, 31))


def test_a_county_lies_in_its_city_its_province_and_the_nation() -> None:
    assert region_chain("230102") == ("000000", "230000", "230100", "230102")
    assert region_chain("000000") == ("000000",)
    assert contains("230100", "230102")
    assert not contains("230100", "230202")
    assert contains("000000", None)
    assert not contains("230000", None)
