"""What the API speaks about sealing windows."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from fleet.calendar.schemas import Region
from fleet.inputs import Input, Name
from fleet.refs import Named, VehicleRef
from fleet.sealings.windows import SealedDays
from fleet.words import Category
from kit.texts import Written
from kit.web import InstantIn

Basis = Annotated[
    str,
    Written(200),
    Field(description="The document that orders it"),
]


class NewSealing(Input):
    """A sealing to order, over the subtree of an organisation (default: the actor's own).

    region_code: only the part of the subtree in this region
    replaces: the sealing of which this is the next version
    """

    name: Name
    basis: Basis
    organisation_id: UUID | None = None
    region_code: Region | None = None
    start: InstantIn
    end: InstantIn
    days: SealedDays = SealedDays.EVERY_DAY
    exempt_categories: Annotated[list[Category], Field(default_factory=list, max_length=10)]
    exempt_vehicle_ids: Annotated[list[UUID], Field(default_factory=list, max_length=500)]
    replaces: UUID | None = None


class SealingEnd(Input):
    """Why a sealing ends before its time."""

    reason: Annotated[str, Written(200)]


class WindowOut(BaseModel):
    """A span in which vehicles stand sealed."""

    start: datetime
    end: datetime


class SealingOut(Named):
    """A sealing (封存); `ended_at` and `superseded_at` say since when it holds no more."""

    version: int
    basis: str
    organisation: Named
    region_code: str | None
    start: datetime
    end: datetime
    days: SealedDays
    exempt_categories: list[Category]
    ended_at: datetime | None
    superseded_at: datetime | None


class SealingOrdered(SealingOut):
    """A sealing as it was just ordered.

    promised_orders: how many orders it forbids that were promised before; `…/orders` lists them
    """

    promised_orders: int


class SealingPage(BaseModel):
    """A page of sealings, the newest first."""

    items: list[SealingOut]
    next_cursor: str | None


class SealingVehicle(VehicleRef):
    """A vehicle that a sealing concerns; an exempt one may drive."""

    unit: Named
    category: Category
    exempt: bool


class SealingVehiclePage(BaseModel):
    """A page of the vehicles that a sealing concerns, by plate."""

    items: list[SealingVehicle]
    next_cursor: str | None


class SealingPreview(SealingVehiclePage):
    """What a sealing would seal: windows by the calendar, and vehicles as they stand today."""

    windows: list[WindowOut]
    provisional: bool
    sealed_vehicles: int
    exempt_vehicles: int
