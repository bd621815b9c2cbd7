"""What the API speaks about auto-dispatch."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from dispatch.automatic.words import AutoDispatchOutcome, AutoDispatchStop
from fleet.inputs import Input, Name
from fleet.refs import Named
from kit.web import InstantIn


class NewDutyDispatcher(Input):
    """Whom to appoint, for which organisation and all below it; from now on unless said."""

    organisation_id: UUID
    person_id: UUID
    start: InstantIn | None = None
    end: InstantIn | None = None
    reason: Name | None = None


class DutyDispatcherOut(BaseModel):
    """A duty dispatcher (值班调度员): who answers for automatic assignments, and when."""

    id: UUID
    organisation: Named
    person: Named
    start: datetime
    end: datetime | None
    withdrawn_at: datetime | None


class DutyDispatcherPage(BaseModel):
    """A page of appointments, the last made first."""

    items: list[DutyDispatcherOut]
    next_cursor: str | None


class AutoDispatchNoteOut(BaseModel):
    """What auto-dispatch decided last about a request, and why.

    stop: the limit that left it to the dispatcher; null unless `outcome` is left
    suggestion_id: the suggestion that was stored for it; order_id: the order that came of it
    """

    outcome: AutoDispatchOutcome
    stop: AutoDispatchStop | None
    sentence: str
    at: datetime
    suggestion_id: UUID | None
    order_id: UUID | None
