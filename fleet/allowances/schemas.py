"""What the API speaks about the transport allowance."""

from datetime import datetime

from pydantic import BaseModel, StrictBool

from fleet.inputs import Input
from fleet.people.schemas import Reason
from kit.web import InstantIn


class AllowanceIn(Input):
    """Whether a person draws the transport allowance (公务交通补贴) from `start` (now) on."""

    draws_allowance: StrictBool
    start: InstantIn | None = None
    reason: Reason | None = None


class AllowanceOut(BaseModel):
    """Whether a person draws the allowance in [start, end); `end` is null until further notice."""

    draws_allowance: bool
    start: datetime
    end: datetime | None
    recorded_at: datetime


class AllowancePage(BaseModel):
    """A page of what was written of one person, the newest period first."""

    items: list[AllowanceOut]
    next_cursor: str | None
