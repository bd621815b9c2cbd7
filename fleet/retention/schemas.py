"""What the API speaks about retention and holds."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from fleet.inputs import Input
from fleet.refs import Named, VehicleRef
from fleet.retention.kinds import MOST_DAYS, DataKind
from kit.texts import Written
from kit.web import InstantIn

Words = Annotated[str, Written(200)]


class NewRule(Input):
    """For how many days a kind of data is to be kept."""

    kind: DataKind
    keep_days: Annotated[int, Field(ge=1, le=MOST_DAYS)]


class NewRules(Input):
    """Rules to set, and why; kinds that are left out stay as they are."""

    rules: Annotated[list[NewRule], Field(min_length=1, max_length=20)]
    reason: Words


class RuleOut(BaseModel):
    """How long a kind of data is kept; `since` is null where the default holds."""

    kind: DataKind
    keep_days: int
    default_days: int
    minimum_days: int
    before: datetime
    since: datetime | None


class RunOut(BaseModel):
    """What the newest daily run has erased, by kind and table."""

    day: date
    began_at: datetime
    ended_at: datetime | None
    results: dict[str, object]


class RetentionOut(BaseModel):
    """All rules, and the newest run."""

    items: list[RuleOut]
    last_run: RunOut | None


class NewHold(Input):
    """A hold to place, for a vehicle or for a person; without an end it covers what is to come."""

    case_number: Words
    reason: Words
    vehicle_id: UUID | None = None
    person_id: UUID | None = None
    start: InstantIn
    end: InstantIn | None = None


class HoldRelease(Input):
    """Why a hold is no longer needed."""

    reason: Words


class HoldOut(BaseModel):
    """A legal hold (证据保全)."""

    id: UUID
    case_number: str
    reason: str
    organisation: Named
    vehicle: VehicleRef | None
    person: Named | None
    start: datetime
    end: datetime | None
    placed_by: Named | None
    placed_at: datetime
    released_at: datetime | None


class HoldPage(BaseModel):
    """A page of holds, the newest first."""

    items: list[HoldOut]
    next_cursor: str | None
