"""Codes of administrative divisions (行政区划代码): what their digits say by themselves.

Source: GB/T 2260-2007: six digits, two each for province, prefecture and county.
"""

from enum import StrEnum

PATTERN = r"^[0-9]{6}$"


class RegionLevel(StrEnum):
    """How far down a code reaches."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


def level(code: str) -> RegionLevel:
    """Return the level of a six-digit code."""
    if code[2:] == "0000":
        return RegionLevel.PROVINCE
    return RegionLevel.PREFECTURE if code[4:] == "00" else RegionLevel.COUNTY


def upper(code: str) -> str | None:
    """Return the code of the division above, None for a province."""
    match level(code):
        case RegionLevel.PROVINCE:
            return None
        case RegionLevel.PREFECTURE:
            return f"{code[:2]}0000"
        case RegionLevel.COUNTY:
            return f"{code[:4]}00"


def is_well_formed(code: str) -> bool:
    """Return whether the standard's ranges allow these six digits.

    Digits 1-2: no province begins with 0. Digits 3-4: 01-20 and 51-70 are cities, 21-50 the other
    prefectures, 90 the counties that a province runs itself; a county without one has no place.
    """
    prefecture, county = int(code[2:4]), int(code[4:])
    if code[0] == "0" or (prefecture == 0 and county != 0):
        return False
    return prefecture <= 70 or prefecture == 90
