"""What the API speaks about organisations."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, StringConstraints

from fleet.inputs import Input, Name
from fleet.refs import Named
from fleet.words import (
    OrganisationKind,
)


class NewOrganisation(Input):
    """An organisation to add; without a parent it stands under the actor's own."""

    name: Name
    kind: OrganisationKind
    region_code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")] | None = None
    uscc: Annotated[str, StringConstraints(pattern=r"^[0-9A-HJ-NP-RTUWXY]{18}$")] | None = None
    parent_id: UUID | None = None


class OrganisationOut(Named):
    """An organisation (机构)."""

    kind: OrganisationKind
    region_code: str | None
    uscc: str | None
    parent: Named | None


class OrganisationPage(BaseModel):
    """A page of organisations."""

    items: list[OrganisationOut]
    next_cursor: str | None
