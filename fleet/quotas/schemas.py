"""What the API speaks about quotas and standards."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from fleet.inputs import Input
from fleet.refs import Named
from fleet.vehicles.schemas import Basis, DisplacementMl, PriceFen
from fleet.vehicles.words import Body, Condition
from fleet.words import Category
from kit.web import InstantIn

Count = Annotated[int, Field(ge=0, le=100_000)]


class NewQuota(Input):
    """How many vehicles of a category an organisation may have from `since` (or now) on."""

    organisation_id: UUID
    category: Category
    count: Count
    basis: Basis
    since: InstantIn | None = None


class QuotaOut(BaseModel):
    """A quota (编制) in force, and how far it is used now: count + over = used + free."""

    id: UUID
    organisation: Named
    category: Category
    count: int
    used: int
    free: int
    over: int
    basis: str
    since: datetime | None
    until: datetime | None


class QuotaPage(BaseModel):
    """A page of quotas."""

    items: list[QuotaOut]
    next_cursor: str | None


class NewStandard(Input):
    """The highest price and displacement (both inclusive) of a kind of vehicle.

    organisation_id: whose it is and all below it; left out, the actor's own
    category: left out for all; bodies: empty for all
    new_energy: whether it is for new-energy vehicles, to which the others then do not apply
    """

    organisation_id: UUID | None = None
    category: Category | None = None
    condition: Condition = Condition.NORMAL
    bodies: Annotated[list[Body], Field(max_length=7, default_factory=list)]
    new_energy: bool = False
    price_fen: PriceFen
    displacement_ml: DisplacementMl | None = None
    source: Basis
    since: InstantIn | None = None


class StandardOut(BaseModel):
    """A standard (配备标准) in force; without an organisation it is the nation's."""

    id: UUID
    organisation: Named | None
    category: Category | None
    condition: Condition
    bodies: list[Body]
    new_energy: bool
    price_fen: int
    displacement_ml: int | None
    source: str
    since: datetime | None
    until: datetime | None


class StandardPage(BaseModel):
    """A page of standards."""

    items: list[StandardOut]
    next_cursor: str | None


class NewSecretCount(Input):
    """How many secret vehicles an organisation has; nothing else may be told of them."""

    count: Count


class SecretCountOut(BaseModel):
    """How many secret vehicles an organisation has."""

    organisation: Named
    count: int
    recorded_at: datetime


class SecretCountPage(BaseModel):
    """A page of counts."""

    items: list[SecretCountOut]
    next_cursor: str | None
