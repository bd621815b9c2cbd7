"""What the API speaks about shifts, leave and the duty roster."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, model_validator

from fleet.duty.words import LeaveKind, RosterKind, ShiftKind
from fleet.inputs import Input
from fleet.people.schemas import Reason
from fleet.refs import Named, VehicleRef
from kit.texts import Written
from kit.web import InstantIn

Note = Annotated[str, Written(200)]


class NewShift(Input):
    """A shift (班次) to plan; at most 36 hours long."""

    kind: ShiftKind
    start: InstantIn
    end: InstantIn


class ShiftOut(BaseModel):
    """A planned shift of a driver; `on_leave` marks one for which somebody else is needed."""

    id: UUID
    kind: ShiftKind
    start: datetime
    end: datetime
    withdrawn_at: datetime | None
    on_leave: bool


class ShiftPage(BaseModel):
    """A page of shifts."""

    items: list[ShiftOut]
    next_cursor: str | None


class NewLeave(Input):
    """Leave (请假) that the sender approves; at most 366 days long."""

    kind: LeaveKind
    start: InstantIn
    end: InstantIn
    reason: Reason


class PromisedOrder(BaseModel):
    """An order that the driver was given before, and for when; no id where it isn't to be known."""

    id: UUID | None
    start: datetime
    end: datetime


class PlannedDuty(BaseModel):
    """A shift or a place on a roster that was planned before."""

    kind: Literal["shift", "roster"]
    id: UUID
    start: datetime
    end: datetime


class LeaveOut(BaseModel):
    """When a driver is away; why is told to those who look after the unit's drivers alone."""

    id: UUID
    start: datetime
    end: datetime
    withdrawn_at: datetime | None
    approved_by: Named
    kind: LeaveKind | None
    reason: str | None


class LeaveGranted(LeaveOut):
    """Leave as it was just approved, with the orders and duties that need somebody else."""

    orders: list[PromisedOrder]
    duties: list[PlannedDuty]


class LeavePage(BaseModel):
    """A page of leave."""

    items: list[LeaveOut]
    next_cursor: str | None


class NewRosterEntry(Input):
    """A person or a vehicle, never both, to be on duty; at most 31 days at a stretch."""

    organisation_id: UUID
    kind: RosterKind
    person_id: UUID | None = None
    vehicle_id: UUID | None = None
    start: InstantIn
    end: InstantIn
    note: Note | None = None

    @model_validator(mode="after")
    def _one_on_duty(self) -> Self:
        if (self.person_id is None) == (self.vehicle_id is None):
            raise ValueError("name either person_id or vehicle_id")
        return self


class RosterEntryOut(BaseModel):
    """Who or which vehicle is on duty (值班), for whom, and when.

    on_leave: the person's leave touches it, so that somebody else is needed
    """

    id: UUID
    organisation: Named
    kind: RosterKind
    person: Named | None
    vehicle: VehicleRef | None
    start: datetime
    end: datetime
    note: str | None
    withdrawn_at: datetime | None
    on_leave: bool


class RosterPage(BaseModel):
    """A page of the duty roster (值班表)."""

    items: list[RosterEntryOut]
    next_cursor: str | None
