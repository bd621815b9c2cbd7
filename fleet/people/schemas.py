"""What the API speaks about people."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from fleet.identity.schemas import RoleOut
from fleet.inputs import Input, Name, Phone
from fleet.refs import Named
from fleet.words import Role
from kit.texts import Written
from kit.web import InstantIn

Reason = Annotated[str, Written(500)]


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


class PersonChange(Input):
    """What is to change about a person; a member left out stays as it is."""

    name: Name = Field(default_factory=str)
    phone: Phone | None = None


class RoleGiving(NewRole):
    """A role to give from `since` (now, when left out) until `until` (open, when left out)."""

    since: InstantIn | None = None
    until: InstantIn | None = None


class RoleEnding(NewRole):
    """A role to end at `at` (now, when left out), and why."""

    at: InstantIn | None = None
    reason: Reason


class Standing(Input):
    """Why an account is disabled, or enabled again."""

    reason: Reason


class PersonOut(Named):
    """A person with the roles that lie within the reader's scope.

    phone: masked (`138****5678`) unless the reader may read this person's contact
    """

    username: str
    phone: str | None
    disabled: bool
    roles: list[RoleOut]


class HeldRoleOut(RoleOut):
    """A role with its period."""

    start: datetime
    end: datetime | None


class PersonDetail(Named):
    """A person with the roles, present and to come, that lie within the reader's scope."""

    username: str
    phone: str | None
    disabled_at: datetime | None
    roles: list[HeldRoleOut]


class PersonPage(BaseModel):
    """A page of people."""

    items: list[PersonOut]
    next_cursor: str | None
