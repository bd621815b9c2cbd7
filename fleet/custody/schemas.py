"""What the API speaks about custody."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, StringConstraints, model_validator

from fleet.custody.words import CustodyKind
from fleet.inputs import Input
from fleet.people.schemas import Reason
from fleet.refs import Named, VehicleRef
from kit.texts import Written
from kit.web import InstantIn

Label = Annotated[str, Written(50)]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z -]{0,31}$")]


class HolderIn(Input):
    """Who or what is to hold an item: exactly one of a person, a place and an organisation."""

    person_id: UUID | None = None
    place_id: UUID | None = None
    organisation_id: UUID | None = None

    @model_validator(mode="after")
    def _one_holder(self) -> Self:
        if sum(one is not None for one in self.__dict__.values()) != 1:
            raise ValueError("name one of person_id, place_id and organisation_id")
        return self


class NewCustodyItem(Input):
    """An item of a vehicle with its first holder; the number is shown masked ever after."""

    vehicle_id: UUID
    kind: CustodyKind
    label: Label | None = None
    number: Number | None = None
    holder: HolderIn
    note: Label | None = None


class HandOver(Input):
    """To whom an item goes, now or at an instant since it last changed hands."""

    to: HolderIn
    at: InstantIn | None = None
    note: Label | None = None


class ItemEnd(Input):
    """Why an item is taken out of use."""

    reason: Reason


class HoldingOut(BaseModel):
    """Who or what held an item, and when: one of person, place and organisation is told."""

    person: Named | None
    place: Named | None
    organisation: Named | None
    start: datetime
    end: datetime | None
    note: str | None


class CustodyItemOut(BaseModel):
    """An item (钥匙, 行驶证, 加油卡, ETC 卡) with its holder."""

    id: UUID
    vehicle: VehicleRef
    kind: CustodyKind
    label: str | None
    number: str | None
    ended_at: datetime | None
    holding: HoldingOut


class CustodyPage(BaseModel):
    """A page of items with their holders."""

    items: list[CustodyItemOut]
    next_cursor: str | None


class HoldingPage(BaseModel):
    """A page of an item's holders, the newest first."""

    items: list[HoldingOut]
    next_cursor: str | None
