"""What the API speaks about grants of external supervisors."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from fleet.inputs import Input, Name
from fleet.refs import Named, VehicleRef
from fleet.supervision.words import IssuerKind
from kit.texts import Written
from kit.web import InstantIn

LetterNo = Annotated[str, Written(100)]
Matter = Annotated[str, Written(500)]
Reason = Annotated[str, Written(200)]


class NewGrant(Input):
    """A letter that opens an organisation's subtree, or single vehicles in it, for a period."""

    letter_no: LetterNo
    issuer_kind: IssuerKind
    issuer_name: Name
    person_id: UUID
    organisation_id: UUID
    vehicle_ids: Annotated[
        list[UUID] | None,
        Field(min_length=1, max_length=200, description="The only vehicles; none: all"),
    ] = None
    matter: Matter
    start: Annotated[InstantIn | None, Field(description="None: at once")] = None
    end: InstantIn


class GrantEnd(Input):
    """Why a grant ends before its time."""

    reason: Reason


class GrantOut(BaseModel):
    """A letter and what it opens; `vehicles` is null when it opens all."""

    id: UUID
    letter_no: str
    issuer_kind: IssuerKind
    issuer_name: str
    person: Named
    organisation: Named
    vehicles: list[VehicleRef] | None
    matter: str
    start: datetime
    end: datetime
    ended_at: datetime | None
    ended_reason: str | None


class GrantPage(BaseModel):
    """A page of grants, the newest first."""

    items: list[GrantOut]
    next_cursor: str | None
