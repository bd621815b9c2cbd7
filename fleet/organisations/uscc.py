"""The unified social credit code (统一社会信用代码) and its check digit.

Source: GB 32100-2015, section 4 (form) and annex (check digit: weights 3^i mod 31, modulus 31).
Codes issued in the pilot years are known to fail it, so a failure is a doubt and no refusal.
"""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""No I, O, S, V, Z."""

PATTERN = r"^[0-9A-HJ-NP-RTUWXY]{18}$"

_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def check_digit(body: str) -> str:
    """Return the last character that belongs to the first seventeen."""
    total = sum(ALPHABET.index(sign) * weight for sign, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def is_consistent(code: str) -> bool:
    """Return whether the check digit of an 18-character code is the one its body gives."""
    return check_digit(code[:17]) == code[17]
