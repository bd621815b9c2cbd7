"""What the API speaks about mandates."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from fleet.inputs import Input
from fleet.organisations.schemas import Reason
from fleet.refs import Named
from fleet.words import Matter
from kit.web import InstantIn


class NewMandate(Input):
    """A power to give over an organisation and all below it, in [start, end).

    start: now if left out; end: until further notice if left out
    """

    holder_id: UUID
    over_id: UUID
    matter: Matter
    start: InstantIn | None = None
    end: InstantIn | None = None
    reason: Reason | None = None


class MandateEnding(Input):
    """When a mandate ends (default: now)."""

    end: InstantIn | None = None
    reason: Reason | None = None


class MandateOut(BaseModel):
    """A mandate (职权) in [start, end)."""

    id: UUID
    holder: Named
    over: Named
    matter: Matter
    start: datetime | None
    end: datetime | None


class MandatePage(BaseModel):
    """A page of mandates."""

    items: list[MandateOut]
    next_cursor: str | None
