"""Citizen identification numbers (GB 11643-1999): checked, sealed, and never shown whole.

A keyed digest (HMAC-SHA-256) finds equal numbers without opening any. It is keyed by the secret
key that seals, so that numbers written before and after a change of keys are not found equal until
the older ones are sealed anew.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from kit.secrets import Sealer

FORM = r"^[1-9][0-9]{16}[0-9Xx]$"
TAIL = 4

IdNumberWarning = Literal["id_number_check_digit", "id_number_birthday"]

# GB 11643-1999, 4.2.4: weights of the first 17 digits (ISO 7064, MOD 11-2) and the check digits.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"

_PURPOSE = b"gongche id number index"


@dataclass(frozen=True, slots=True, repr=False)
class KeptIdNumber:
    """What is stored of an ID number."""

    sealed: bytes
    index: bytes
    tail: str


def check_digit(first_17: str) -> str:
    """Return the 18th character that belongs to 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True))
    return _CHECK[total % 11]


def warnings_of(number: str) -> tuple[IdNumberWarning, ...]:
    """Return what is odd about a number of the right form; such numbers exist and are kept.

    `id_number_check_digit`: the last character does not belong to the others
    `id_number_birthday`: the seventh to fourteenth digits are no date
    """
    found: list[IdNumberWarning] = []
    if check_digit(number[:17]) != number[17].upper():
        found.append("id_number_check_digit")
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        found.append("id_number_birthday")
    return tuple(found)


def keep(number: str, sealer: Sealer, driver_id: UUID) -> KeptIdNumber:
    """Return an ID number of this driver as it is stored."""
    number = normal(number)
    return KeptIdNumber(
        sealed=sealer.seal(number.encode(), context=context(driver_id)),
        index=_digest(sealer.keys[0], number),
        tail=number[-TAIL:],
    )


def context(driver_id: UUID) -> str:
    """Return the context that a driver's ID number is sealed for."""
    return f"driver.id_number:{driver_id}"


def normal(number: str) -> str:
    """Return the number as it is sealed and compared. Raises ValueError for another form."""
    if not re.fullmatch(FORM, number):
        raise ValueError("an ID number has 17 digits and a check character")
    return number.upper()


def _digest(key: bytes, number: str) -> bytes:
    purpose_key = hmac.digest(key, _PURPOSE, hashlib.sha256)
    return hmac.digest(purpose_key, number.encode(), hashlib.sha256)
