"""What the API says about sharing. Times are RFC 3339 with offset, detours in seconds."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from dispatch.schemas import PeriodOut, PlateRef, Revision, Sent, Text
from dispatch.shared_rides.words import SharingLimit, WhoseLimit


class ConsentIn(Sent):
    """What a passenger says about sharing, having read this revision of the request.

    detour_percent, detour_s: their greatest detour, the smaller binds; without them the unit's rule
    """

    revision: Revision
    agreed: bool
    detour_percent: Annotated[int, Field(ge=0, le=300)] | None = None
    detour_s: Annotated[int, Field(ge=0, le=14_400)] | None = None
    reason: Text | None = None


class JoinIn(Sent):
    """The order that a request is to ride along in, by somebody who has read both."""

    order_id: UUID
    revision: Revision
    order_revision: Revision
    reason: Text | None = None
    override: bool = False


class LeaveIn(Sent):
    """Which request is let off an order, and why."""

    request_id: UUID
    revision: Revision
    reason: Text


class SharedLegOut(BaseModel):
    """One way of a passenger: when, and how much longer than directly."""

    is_return: bool
    pick_up_at: datetime
    set_down_at: datetime
    detour_s: int
    greatest_detour_s: int


class SharingOut(BaseModel):
    """What a request's passenger agreed to, and their own part of the order that they share.

    never_shared: a sentence, where it never shares whatever they agree to
    legs: empty where nobody else rides along
    """

    request_id: UUID
    agreed: bool
    never_shared: str | None
    detour_percent: int
    detour_s: int
    said_at: datetime | None
    legs: list[SharedLegOut]


class SharedPartOut(BaseModel):
    """What one request of an order would get; `joining`: the one that asks."""

    request_id: UUID
    joining: bool
    passengers: int
    legs: list[SharedLegOut]


class SharedRideOut(BaseModel):
    """An order that could take the request along; `added_s`: how much longer its vehicle drives."""

    order_id: UUID
    revision: int
    vehicle: PlateRef
    period: PeriodOut
    added_s: int
    seats_left: int
    parts: list[SharedPartOut]


class NotSharedOut(BaseModel):
    """An order that can't take the request along: which limit breaks first, and whose."""

    order_id: UUID
    limit: SharingLimit
    whose: WhoseLimit
    sentence: str


class SharedRideList(BaseModel):
    """The orders around a request's time, those that add least first; one page holds them all.

    truncated: whether there were more orders than are looked at
    """

    items: list[SharedRideOut]
    left_out: list[NotSharedOut]
    travel_times: str
    truncated: bool
    next_cursor: str | None = None
