"""What the API says about plans. Times are RFC 3339 with offset, distances metres."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from dispatch.capacity.schemas import AlternativesOut
from dispatch.plans.words import PlanLineState, PlanState
from dispatch.schemas import NamedRef, Objection, PeriodOut, PlateRef, Sent

MOST_LINES = 2_000


class PlanIn(Sent):
    """A Shanghai day to plan for an organisation's vehicles and drivers (default: one's own)."""

    day: date
    organisation_id: UUID | None = None


class ConfirmationIn(Sent):
    """Which lines of a plan become orders; without requests all that are proposed."""

    request_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_LINES)] | None = None


class PlanFigures(BaseModel):
    """What a plan adds up to.

    rides: all to plan; promised: of them with capacity held; served: with vehicle and driver;
        shared: of those together with others (合乘)
    empty_m: without passengers, back to the bases
    """

    rides: int
    promised: int
    served: int
    shared: int = 0
    empty_m: int
    vehicles: int
    drivers: int


class FirstBroken(BaseModel):
    """The promise that breaks first, and what would save it.

    one_more_vehicle, one_more_driver: whether one promise more would be kept by it
    """

    request_id: UUID
    sentence: str
    one_more_vehicle: bool
    one_more_driver: bool
    alternatives: AlternativesOut | None


class PlanItem(BaseModel):
    """A day's plan (排班方案); `sentence` says why nothing could be proposed.

    automatic: the system asked for it in the evening, for the dispatcher who is `asked_by`
    """

    id: UUID
    state: PlanState
    organisation: NamedRef
    day: date
    asked_by: NamedRef
    automatic: bool
    asked_at: datetime
    proposed_at: datetime | None
    sentence: str | None
    figures: PlanFigures | None


class PlanPage(BaseModel):
    """A page of plans, the newest first."""

    items: list[PlanItem]
    next_cursor: str | None


class PlanLineOut(BaseModel):
    """What a plan proposes for one request.

    promised: whether capacity was held for it; empty_m: the way to its passengers
    sentence: why it is unserved, or the type of the problem that refused it when confirmed
    objections: what the rules said against it then
    shared_group: the requests with one number share a vehicle (合乘), which calls at `pick_up_at`
    Of a confirmed line vehicle, driver and pick-up are those of its order.
    """

    request_id: UUID
    state: PlanLineState
    promised: bool
    ride: PeriodOut
    unit: NamedRef
    vehicle: PlateRef | None
    driver: NamedRef | None
    empty_m: int | None
    order_id: UUID | None
    sentence: str | None
    objections: list[Objection]
    shared_group: int | None
    pick_up_at: datetime | None


class PlanDetail(PlanItem):
    """A plan with its lines, the first ride first; none of requests outside one's scope."""

    lines: list[PlanLineOut]
    first_broken: FirstBroken | None
