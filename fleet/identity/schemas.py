"""What the API speaks about sessions."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from fleet.permissions import Permission
from fleet.refs import Named
from fleet.words import Role


class Credentials(BaseModel):
    """Who logs in."""

    username: Annotated[str, Field(min_length=1, max_length=64)]
    password: Annotated[str, Field(min_length=1, max_length=128)]


class Account(Named):
    """The person who is logged in."""

    username: str


class RoleOut(BaseModel):
    """What a person is, and where."""

    role: Role
    organisation: Named


class SessionOut(BaseModel):
    """A session and everything that its holder is and may do."""

    expires_at: datetime
    person: Account
    roles: list[RoleOut]
    permissions: list[Permission]


class NewSession(SessionOut):
    """A session that has just begun; the token is shown this once."""

    token: str
