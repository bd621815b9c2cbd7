"""What the API speaks about auto-dispatch."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from dispatch.automatic.words import AutoDispatchOutcome, AutoDispatchStop, ProposalAnswer
from dispatch.schemas import Waypoint
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


class OtherRide(BaseModel):
    """The ride that a driver would get: from where and when, and how far its pick-up is.

    promised_pickup_at: what the passenger was told; arrival_s: seconds to the pick-up, as proposed
    """

    start: datetime
    promised_pickup_at: datetime | None
    origin: Waypoint
    arrival_s: int


class ProposalOut(BaseModel):
    """What a driver is asked (变更征询): to give up the order for another ride, or for none.

    answer: what this driver has answered; the order stays until all who are asked have agreed
    """

    id: UUID
    order_id: UUID
    expires_at: datetime
    answer: ProposalAnswer | None
    instead: OtherRide | None


class ProposalPage(BaseModel):
    """All that the actor is asked about now; no driver is asked about two exchanges at once."""

    items: list[ProposalOut]
    next_cursor: None = None


class ProposalAnswerIn(Input):
    """Whether the driver agrees."""

    agree: bool
