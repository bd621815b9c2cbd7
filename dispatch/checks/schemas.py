"""What the API says about departure checks."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool

from dispatch.checks.words import CheckItem
from dispatch.schemas import NamedRef, PlateRef, Sent, Text


class CheckedItem(Sent):
    """Whether one item of the list passed."""

    item: CheckItem
    passed: StrictBool


class DepartureCheckIn(Sent):
    """What the driver found (出车检查): every item once; a failed one needs the note."""

    items: Annotated[list[CheckedItem], Field(min_length=1, max_length=len(CheckItem))]
    note: Text | None = None


class DepartureCheckOut(BaseModel):
    """A departure check; `outage_id` names the defect that was entered because of it."""

    id: UUID
    order_id: UUID
    vehicle: PlateRef
    checked_by: NamedRef
    checked_at: datetime
    items: list[CheckedItem]
    passed: bool
    note: str | None
    outage_id: UUID | None


class DepartureCheckPage(BaseModel):
    """A page of an order's departure checks, the newest first."""

    items: list[DepartureCheckOut]
    next_cursor: str | None
