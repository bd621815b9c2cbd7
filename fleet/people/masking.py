"""Personal data as it is shown: whole to those who need it, masked to everybody else."""

import re
from collections.abc import Collection

from fleet.access import Actor
from fleet.permissions import Permission

_PREFIX = re.compile(r"^\+86[ -]?")
_LONG = 9


def masked_phone(phone: str) -> str:
    """Return a phone number with its middle hidden, such as `138****5678`.

    Of a number too short to hide its middle only the last two digits are shown.
    """
    digits = re.sub(r"\D", "", _PREFIX.sub("", phone))
    if len(digits) < _LONG:
        return f"****{digits[-2:]}"
    return f"{digits[:3]}****{digits[-4:]}"


def masked_tail(tail: str | None) -> str | None:
    """Return what is shown of a number of which only the last characters are known."""
    return f"****{tail}" if tail else None


def shown_phone(
    phone: str | None, *, person_no: int, organisation_nos: Collection[int], reader: Actor
) -> str | None:
    """Return a person's phone number as `reader` may see it.

    Whole for the person, and for who may read contacts in one of the person's organisations.
    """
    if phone is None or person_no == reader.person_no:
        return phone
    if reader.scope(Permission.PERSON_CONTACT_READ).isdisjoint(organisation_nos):
        return masked_phone(phone)
    return phone
