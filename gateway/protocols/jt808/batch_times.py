"""BCD times, many at once: the vectorised twin of `times.py`."""

import numpy as np
from numpy.typing import NDArray

UNKNOWN = np.iinfo(np.int64).min
"""Stands in an array of integers where the scalar codec says None."""

_DAYS_BEFORE_2000 = 10_957
_CHINA_IS_AHEAD_S = 8 * 3600
_DAYS_OF_MONTH = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_DAYS_BEFORE_MONTH = np.concatenate(([0], np.cumsum(_DAYS_OF_MONTH)[:-1]))


def read_china_times(
    octets: NDArray[np.uint8],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return times in microseconds since 1970 (UTC), UNKNOWN where the bytes are no date, and the
    bytes as big-endian integers.

    octets: (n, 6), yymmddhhmmss of this century in GMT+8
    """
    wide = octets.astype(np.int64)
    tens, ones = wide >> 4, wide & 0x0F
    year, month, day, hour, minute, second = (tens * 10 + ones).T
    # Every fourth year of 2000-2099 is a leap year, 2000 itself too.
    is_leap = year % 4 == 0
    month_known = (month >= 1) & (month <= 12)
    month = np.where(month_known, month, 0)
    days_of_month = _DAYS_OF_MONTH[month] + (is_leap & (month == 2))
    is_time = (
        ((tens <= 9) & (ones <= 9)).all(axis=1)
        & month_known
        & (day >= 1)
        & (day <= days_of_month)
        & (hour < 24)
        & (minute < 60)
        & (second < 60)
    )
    days = (
        _DAYS_BEFORE_2000
        + year * 365
        + (year + 3) // 4
        + _DAYS_BEFORE_MONTH[month]
        + (is_leap & (month > 2))
        + day
        - 1
    )
    seconds = days * 86_400 + hour * 3600 + minute * 60 + second - _CHINA_IS_AHEAD_S
    raw = wide @ (1 << np.arange(40, -1, -8))
    return np.where(is_time, seconds * 1_000_000, UNKNOWN), raw
