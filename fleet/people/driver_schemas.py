"""What the API speaks about drivers."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from fleet.inputs import Input
from fleet.people.id_numbers import FORM
from fleet.people.licences import CLASS_FORM
from fleet.people.schemas import Reason
from fleet.refs import Named
from kit.web import InstantIn

LicenceClass = Annotated[str, StringConstraints(pattern=CLASS_FORM)]

IdNumber = Annotated[
    str,
    StringConstraints(pattern=FORM),
    Field(
        description="Citizen identification number (GB 11643); kept sealed, never shown whole",
        json_schema_extra={"writeOnly": True},
    ),
]

DriverWarning = Literal["id_number_check_digit", "id_number_birthday", "id_number_twice"]


class NewDriver(Input):
    """A person who is to drive for an organisation."""

    person_id: UUID
    licence_class: LicenceClass
    licence_until: InstantIn | None = None
    organisation_id: UUID
    id_number: IdNumber | None = None


class DriverChange(Input):
    """What is to change about a driver; a member left out stays as it is.

    A licence of another class or validity is a new row from `licence_since` (now, when left out)
    on; the one before stays in the register.
    """

    licence_class: LicenceClass = Field(default_factory=str)
    licence_until: InstantIn | None = None
    licence_since: InstantIn | None = None
    id_number: IdNumber | None = None


class Transfer(Input):
    """To which organisation a driver goes, and from when on (now, when left out)."""

    organisation_id: UUID
    since: InstantIn | None = None
    reason: Reason


class DriverOut(Named):
    """A driver (驾驶员); phone and ID number are masked."""

    person_id: UUID
    phone: str | None
    licence_class: str
    licence_until: datetime | None
    id_number: str | None
    unit: Named


class LicenceOut(BaseModel):
    """A licence that a driver held, with the period in which it was the one in force."""

    licence_class: str
    licence_until: datetime | None
    start: datetime
    end: datetime | None


class DriverDetail(DriverOut):
    """A driver with their licences, newest first, and what looks odd.

    same_id_number: other drivers of the reader's scope who have the same ID number
    """

    licences: list[LicenceOut]
    warnings: list[DriverWarning]
    same_id_number: list[Named]


class DriverPage(BaseModel):
    """A page of drivers."""

    items: list[DriverOut]
    next_cursor: str | None
