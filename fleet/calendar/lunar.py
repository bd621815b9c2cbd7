"""Chinese festivals from the sky: new moons and the sun's longitude, on Beijing's clock.

The rules are those of GB/T 33661-2017: a month begins on the day of a new moon; month 11 holds the
winter solstice; in a year of thirteen months the first without a major solar term is a leap month.
Sun and moon follow Meeus, "Astronomical Algorithms" (2nd edition), chapters 25 and 49 without the
planets' part: new moons within about two minutes in this century. A new moon closer to Beijing's
midnight than that could give a neighbouring day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from math import floor, radians, sin

_SYNODIC_MONTH = 29.530588861
_TROPICAL_YEAR = 365.2422
_J2000 = 2451545.0
# From terrestrial time to Beijing's clock, in days: ΔT is near 70 s in this century.
_TO_BEIJING = 8 / 24 - 70 / 86400
_EPOCH = date(2000, 1, 1)
_EPOCH_JD = 2451544.5


@dataclass(frozen=True, slots=True)
class LunarFestivals:
    """The days of a year that follow moon and sun."""

    spring_festival: date
    tomb_sweeping: date
    dragon_boat: date
    mid_autumn: date


def lunar_festivals(year: int) -> LunarFestivals:
    """Return the festivals of a year between 2000 and 2100."""
    months = _months_of(year)
    return LunarFestivals(
        spring_festival=months[1],
        tomb_sweeping=_day(_when_sun_at(15.0, year)),
        dragon_boat=months[5] + timedelta(days=4),
        mid_autumn=months[8] + timedelta(days=14),
    )


def _months_of(year: int) -> dict[int, date]:
    """Return the first days of months 1 … 10 of the lunar year that begins in `year`."""
    # 1. Month 11 of the year before and of this one hold the winter solstices.
    first, last = (_moon_before(_day(_when_sun_at(270.0, y))) for y in (year - 1, year))
    starts = [_day(_new_moon(k)) for k in range(first, last + 1)]
    # 2. Thirteen months between them: the first without a major term repeats its number.
    leap = None
    if len(starts) == 14:
        leap = next(n for n in range(13) if not _has_major_term(starts[n], starts[n + 1]))
    # 3. Number the months from 11 on.
    numbered: dict[int, date] = {}
    number = 11
    for n, start in enumerate(starts[:-1]):
        if n and n != leap:
            number = number % 12 + 1
        if n != leap and 1 <= number <= 10:
            numbered[number] = start
    return numbered


def _moon_before(day: date) -> int:
    """Return the number of the last new moon on or before a day, counted from January 2000."""
    k = floor((day - _EPOCH).days / _SYNODIC_MONTH) + 1
    while _day(_new_moon(k)) > day:
        k -= 1
    return k


def _has_major_term(start: date, end: date) -> bool:
    """Return whether the sun reaches a multiple of 30° on a day in [start, end)."""
    at_start = _sun_longitude(_midnight(start))
    at_end = _sun_longitude(_midnight(end))
    return floor(at_start / 30) != floor(at_end / 30)


def _midnight(day: date) -> float:
    return _EPOCH_JD + (day - _EPOCH).days - _TO_BEIJING


def _day(jde: float) -> date:
    """Return Beijing's day of an instant (Julian ephemeris day)."""
    return _EPOCH + timedelta(days=floor(jde + _TO_BEIJING - _EPOCH_JD))


def _when_sun_at(longitude: float, year: int) -> float:
    """Return when the sun reaches a longitude in a calendar year (Julian ephemeris day)."""
    # The sun stands at 280° on 1 January.
    jde = _J2000 + (year - 2000) * _TROPICAL_YEAR + ((longitude - 280) % 360) / 360 * _TROPICAL_YEAR
    for _ in range(5):
        error = (longitude - _sun_longitude(jde) + 180) % 360 - 180
        jde += error / 360 * _TROPICAL_YEAR
    return jde


def _sun_longitude(jde: float) -> float:
    """Return the sun's apparent longitude in degrees, [0, 360) (chapter 25, within 0.01°)."""
    t = (jde - _J2000) / 36525
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t * t
    m = radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (
        (1.914602 - 0.004817 * t - 0.000014 * t * t) * sin(m)
        + (0.019993 - 0.000101 * t) * sin(2 * m)
        + 0.000289 * sin(3 * m)
    )
    node = radians(125.04 - 1934.136 * t)
    return (mean + centre - 0.00569 - 0.00478 * sin(node)) % 360


# Chapter 49, table for the new moon: days, power of E, multiples of M, M', F.
_TERMS = (
    (-0.40720, 0, 0, 1, 0), (0.17241, 1, 1, 0, 0), (0.01608, 0, 0, 2, 0),
    (0.01039, 0, 0, 0, 2), (0.00739, 1, -1, 1, 0), (-0.00514, 1, 1, 1, 0),
    (0.00208, 2, 2, 0, 0), (-0.00111, 0, 0, 1, -2), (-0.00057, 0, 0, 1, 2),
    (0.00056, 1, 1, 2, 0), (-0.00042, 0, 0, 3, 0), (0.00042, 1, 1, 0, 2),
    (0.00038, 1, 1, 0, -2), (-0.00024, 1, -1, 2, 0), (-0.00007, 0, 2, 1, 0),
    (0.00004, 0, 0, 2, -2), (0.00004, 0, 3, 0, 0), (0.00003, 0, 1, 1, -2),
    (0.00003, 0, 0, 2, 2), (-0.00003, 0, 1, 1, 2), (0.00003, 0, -1, 1, 2),
    (-0.00002, 0, -1, 1, -2), (-0.00002, 0, 1, 3, 0), (0.00002, 0, 0, 4, 0),
)  # fmt: skip


def _new_moon(k: int) -> float:
    """Return the instant of the k-th new moon since January 2000 (Julian ephemeris day)."""
    t = k / 1236.85
    mean = 2451550.09766 + _SYNODIC_MONTH * k + 0.00015437 * t * t
    e = 1 - 0.002516 * t - 0.0000074 * t * t
    sun = radians(2.5534 + 29.10535670 * k - 0.0000014 * t * t)
    moon = radians(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    latitude = radians(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    node = radians(124.7746 - 1.56375588 * k + 0.0020672 * t * t)
    periodic = sum(
        days * e**power * sin(a * sun + b * moon + c * latitude) for days, power, a, b, c in _TERMS
    )
    return mean + periodic - 0.00017 * sin(node)
