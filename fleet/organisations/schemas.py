"""What the API speaks about organisations."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from fleet.inputs import Input, Name
from fleet.organisations import region_codes, uscc
from fleet.organisations.doubts import OrganisationDoubt
from fleet.refs import Named
from fleet.words import Category, OrganisationKind
from kit.texts import Written
from kit.web import InstantIn

RegionCode = Annotated[str, StringConstraints(pattern=region_codes.PATTERN)]
Uscc = Annotated[str, StringConstraints(pattern=uscc.PATTERN)]
Reason = Annotated[str, Written(500)]


class NewOrganisation(Input):
    """An organisation to add; without a parent it stands under the actor's own."""

    name: Name
    kind: OrganisationKind
    region_code: RegionCode | None = None
    uscc: Uscc | None = None
    parent_id: UUID | None = None


class OrganisationChange(Input):
    """What to correct; a member that is left out stays, null removes a code, never the kind."""

    kind: OrganisationKind | None = None
    region_code: RegionCode | None = None
    uscc: Uscc | None = None
    reason: Reason | None = None


class NewOrganisationName(Input):
    """What the organisation is called from an instant (default: now, never the future) on."""

    name: Name
    start: InstantIn | None = None
    reason: Reason | None = None


class NewOrganisationParent(Input):
    """Under which organisation it stands from an instant (default: now) on."""

    parent_id: UUID
    start: InstantIn | None = None
    reason: Reason | None = None


class NewMerger(Input):
    """Which organisation takes over this one, and when (default: now, never the future)."""

    successor_id: UUID
    at: InstantIn | None = None
    reason: Reason | None = None


class OrganisationEnding(Input):
    """Why an organisation ends now."""

    reason: Reason


class Warned(BaseModel):
    """A doubt about what was written; it stands all the same."""

    code: OrganisationDoubt
    sentence: str


class OrganisationOut(Named):
    """An organisation (机构)."""

    kind: OrganisationKind
    region_code: str | None
    uscc: str | None
    parent: Named | None
    ended_at: datetime | None


class OrganisationWritten(OrganisationOut):
    """An organisation as it was just written, with what is doubtful about it."""

    warnings: list[Warned]


class EndedQuotaOut(BaseModel):
    """A quota that ended with its organisation: what the successor is to have is to be decided.

    successor_count: null where no quota of the successor is approved; used: places that it takes
    """

    category: Category
    count: int
    successor_count: int | None
    used: int


class OrganisationMerged(OrganisationWritten):
    """An organisation that was just merged, with the quotas on which somebody must decide."""

    quotas_to_decide: list[EndedQuotaOut]


class NamePeriod(BaseModel):
    """What an organisation was called in [start, end); null where that is open."""

    name: str
    start: datetime | None
    end: datetime | None


class ParentPeriod(BaseModel):
    """Under which organisation it stood in [start, end)."""

    parent: Named
    start: datetime | None
    end: datetime | None


class Succession(BaseModel):
    """A merger as seen from one side: the other organisation, and when."""

    organisation: Named
    at: datetime


class OrganisationDetail(OrganisationWritten):
    """An organisation with its history, oldest first."""

    names: list[NamePeriod]
    parents: list[ParentPeriod]
    predecessors: list[Succession]
    successor: Succession | None


class OrganisationPage(BaseModel):
    """A page of organisations."""

    items: list[OrganisationOut]
    next_cursor: str | None


class RegionOut(BaseModel):
    """A region (行政区划) in [valid_from, valid_to)."""

    code: str
    name: str
    level: region_codes.RegionLevel
    upper: str | None
    valid_from: date
    valid_to: date | None
    successor: str | None


class RegionPage(BaseModel):
    """A page of regions."""

    items: list[RegionOut]
    next_cursor: str | None


RegionPrefix = Annotated[str, Field(pattern=r"^[0-9]{1,6}$", description="First digits of a code")]
