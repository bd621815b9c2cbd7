"""What the API speaks about outages."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from fleet.inputs import Input
from fleet.outages.words import OutageKind
from fleet.people.schemas import Reason
from fleet.refs import Named, VehicleRef
from kit.web import InstantIn


class NewOutage(Input):
    """An outage (停用) of a vehicle from `start` (now) on, until `end` or until it is ended."""

    kind: OutageKind
    reason: Reason
    start: InstantIn | None = None
    end: InstantIn | None = None


class OutageEnd(Input):
    """What was done, so that the vehicle may be used again."""

    reason: Reason


class OutageOrder(BaseModel):
    """An order that the vehicle was promised to, and for when; no id where it isn't to be known."""

    id: UUID | None
    start: datetime
    end: datetime


class OutageOut(BaseModel):
    """When a vehicle may not be used, and why; `end` is null while nobody knows."""

    id: UUID
    vehicle: VehicleRef
    unit: Named
    kind: OutageKind
    reason: str
    start: datetime
    end: datetime | None
    recorded_by: Named | None
    recorded_at: datetime
    withdrawn_at: datetime | None


class OutageOpened(OutageOut):
    """An outage as it was just entered, with the orders in it that need another vehicle."""

    orders: list[OutageOrder]


class OutagePage(BaseModel):
    """A page of outages, the last entered first."""

    items: list[OutageOut]
    next_cursor: str | None
