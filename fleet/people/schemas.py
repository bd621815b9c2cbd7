"""What the API speaks about people and drivers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from fleet.identity.schemas import RoleOut
from fleet.inputs import Input, Name, Phone
from fleet.refs import Named
from fleet.words import (
    Role,
)
from kit.web import InstantIn


class NewRole(Input):
    """A role to give."""

    role: Role
    organisation_id: UUID


class NewPerson(Input):
    """An account to add; without a password nobody can log in with it."""

    username: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,31}$")]
    name: Name
    phone: Phone | None = None
    password: Annotated[str, Field(min_length=10, max_length=128)] | None = None
    roles: Annotated[list[NewRole], Field(min_length=1, max_length=50)]


class PersonOut(Named):
    """A person with the roles that lie within the reader's scope."""

    username: str
    phone: str | None
    disabled: bool
    roles: list[RoleOut]


class NewDriver(Input):
    """A person who is to drive for an organisation."""

    person_id: UUID
    licence_class: Annotated[str, StringConstraints(pattern=r"^(A[1-3]|B[12]|C[1-6])$")]
    licence_until: InstantIn | None = None
    organisation_id: UUID


class DriverOut(Named):
    """A driver (驾驶员)."""

    person_id: UUID
    phone: str | None
    licence_class: str
    licence_until: datetime | None
    unit: Named


class PersonPage(BaseModel):
    """A page of people."""

    items: list[PersonOut]
    next_cursor: str | None


class DriverPage(BaseModel):
    """A page of drivers."""

    items: list[DriverOut]
    next_cursor: str | None
