"""What the API speaks about delegations."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from fleet.inputs import Input
from fleet.people.schemas import Reason
from fleet.refs import Named
from fleet.words import Role
from kit.web import InstantIn


class NewDelegation(Input):
    """A role of one's own to lend from `start` (now, when left out) to `end`, and why."""

    deputy_id: UUID
    role: Role
    organisation_id: UUID
    start: InstantIn | None = None
    end: InstantIn
    reason: Reason


class DelegationOut(BaseModel):
    """A delegation (代理) as its giver and its deputy see it."""

    id: UUID
    giver: Named
    deputy: Named
    role: Role
    organisation: Named
    start: datetime
    end: datetime
    reason: str
    withdrawn_at: datetime | None


class DelegationPage(BaseModel):
    """A page of delegations."""

    items: list[DelegationOut]
    next_cursor: str | None
