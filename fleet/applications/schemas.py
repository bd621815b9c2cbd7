"""What the API speaks about applications."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from fleet.applications.words import ApplicationAct, ApplicationKind, ApplicationState
from fleet.inputs import Input, Name
from fleet.quotas.schemas import Count
from fleet.refs import Named, VehicleRef
from fleet.vehicles.schemas import Basis, DisplacementMl, PriceFen, Reason
from fleet.vehicles.words import Body, Condition, DisposalMethod, Funding
from fleet.words import Category, Energy
from kit.web import InstantIn


class QuotaApproval(Input):
    """编制核定: a unit asks for a quota of a category."""

    kind: Literal[ApplicationKind.QUOTA_APPROVAL]
    organisation_id: UUID
    category: Category
    count: Count
    basis: Basis


class Provision(Input):
    """配备: a unit asks for a vehicle to be bought."""

    kind: Literal[ApplicationKind.PROVISION]
    organisation_id: UUID
    category: Category
    model: Name
    energy: Energy
    body: Body | None = None
    condition: Condition = Condition.NORMAL
    price_fen: PriceFen | None = None
    displacement_ml: DisplacementMl | None = None
    funding: Funding | None = None
    grounds: Reason


class Renewal(Input):
    """更新: a unit asks for a vehicle to be renewed."""

    kind: Literal[ApplicationKind.RENEWAL]
    vehicle_id: UUID
    grounds: Reason


class Disposal(Input):
    """处置: a unit asks for a vehicle to be disposed of."""

    kind: Literal[ApplicationKind.DISPOSAL]
    vehicle_id: UUID
    method: DisposalMethod
    grounds: Reason


NewApplication = Annotated[
    QuotaApproval | Provision | Renewal | Disposal, Field(discriminator="kind")
]


class Remark(Input):
    """Why something is done."""

    reason: Reason | None = None


class Decision(Input):
    """Why an application is sent back or rejected."""

    reason: Reason


class CarriedOut(Input):
    """What was done on an approved application.

    vehicle_id: of a provision, the vehicle that was bought
    income_fen, at: of a disposal, what it brought and when the vehicle left (default: now)
    """

    vehicle_id: UUID | None = None
    income_fen: PriceFen | None = None
    at: InstantIn | None = None


class ApplicationStepOut(BaseModel):
    """One act upon an application, and the state after it."""

    act: ApplicationAct
    state: ApplicationState
    person: Named
    at: datetime
    reason: str | None


class ApplicationOut(BaseModel):
    """An application (申请) for a step of a vehicle's life.

    content: what is applied for, in the form of its kind
    """

    id: UUID
    kind: ApplicationKind
    state: ApplicationState
    organisation: Named
    vehicle: VehicleRef | None
    applicant: Named
    content: dict[str, Any]
    recorded_at: datetime


class ApplicationWithSteps(ApplicationOut):
    """An application with every act upon it, in order."""

    steps: list[ApplicationStepOut]


class ApplicationPage(BaseModel):
    """A page of applications, the newest first."""

    items: list[ApplicationOut]
    next_cursor: str | None
