"""The vehicle identification number (车辆识别代号) and its check digit.

Source: GB 16735 (ISO 3779): 17 characters without I, O and Q; the ninth is the check digit. It is
binding for vehicles made for some markets only, so a wrong one is a warning and no refusal.
"""

from operator import mul

_VALUES = str.maketrans("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789")
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin_check_digit(vin: str) -> str:
    """Return the ninth character that the other sixteen of a well-formed VIN ask for."""
    total = sum(map(mul, _WEIGHTS, map(int, vin.translate(_VALUES))))
    return "0123456789X"[total % 11]


def vin_is_doubtful(vin: str) -> bool:
    """Return whether the check digit of a well-formed VIN is another than the one that stands."""
    return vin[8] != vin_check_digit(vin)
