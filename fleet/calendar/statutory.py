"""A year for which no notice has been published yet: weekends and the statutory days alone.

《全国年节及纪念日放假办法》, art. 2: thirteen days since 2025 (State Council order 795), eleven
before (2014 to 2024). Which days are moved or made up for is known from the notice only, so what
rests on such a year is provisional.
"""

from datetime import date, timedelta

from fleet.calendar.days import CalendarStatus, DayKind, Layer, NamedDay
from fleet.calendar.lunar import lunar_festivals
from fleet.calendar.regions import NATION

FIRST_YEAR, LAST_YEAR = 2000, 2100
COMPUTED = "推算：周末和法定节假日，未含调休（国务院办公厅通知发布后请导入）"

_THIRTEEN_SINCE = 2025


def statutory_days(year: int) -> dict[date, str]:
    """Return the statutory days off of a year since 2014, with their festivals."""
    moon = lunar_festivals(year)
    new_year = moon.spring_festival
    thirteen = year >= _THIRTEEN_SINCE
    spring = range(-1, 3) if thirteen else range(3)
    labour = (1, 2) if thirteen else (1,)
    return {
        date(year, 1, 1): "元旦",
        **{new_year + timedelta(days=n): "春节" for n in spring},
        moon.tomb_sweeping: "清明节",
        **{date(year, 5, day): "劳动节" for day in labour},
        moon.dragon_boat: "端午节",
        moon.mid_autumn: "中秋节",
        **{date(year, 10, day): "国庆节" for day in (1, 2, 3)},
    }


def provisional_layer(year: int) -> Layer:
    """Return the nation's days of a year as far as they can be known without a notice."""
    days = {day: NamedDay(day, DayKind.HOLIDAY, name) for day, name in statutory_days(year).items()}
    return Layer(NATION, None, CalendarStatus.PROVISIONAL, COMPUTED, days)
