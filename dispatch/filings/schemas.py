"""What the API says about filings."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from dispatch.schemas import NamedRef, PeriodOut, PlateRef, Sent, ShortText, Text
from dispatch.words import FilingKind
from kit.web import InstantIn


class FilingIn(Sent):
    """A statement that explains a vehicle's absence or use in a period (报备)."""

    vehicle_id: UUID
    kind: FilingKind
    start: InstantIn
    end: InstantIn
    reason: Text
    place_name: ShortText | None = None


class FilingItem(BaseModel):
    """A filing; it explains only once accepted and not withdrawn."""

    id: UUID
    state: Literal["filed", "accepted", "withdrawn"]
    vehicle: PlateRef
    unit: NamedRef
    kind: FilingKind
    period: PeriodOut
    reason: str
    place_name: str | None
    filed_by: NamedRef
    accepted_by: NamedRef | None
    accepted_at: datetime | None
    withdrawn_at: datetime | None


class FilingPage(BaseModel):
    """A page of filings, newest first."""

    items: list[FilingItem]
    next_cursor: str | None
