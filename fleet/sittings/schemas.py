"""What the API speaks about sittings."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from fleet.inputs import Input
from fleet.sittings.words import LookingPurpose
from kit.texts import Written

Reference = Annotated[str, Written(100)]
Text = Annotated[str, Written(200)]


class NewSitting(Input):
    """Why tracks are to be looked at, from now on."""

    purpose: LookingPurpose
    reference: Annotated[
        Reference | None,
        Field(description="Number of the case, or of the letter of an external supervisor"),
    ] = None
    text: Text | None = None


class SittingOut(BaseModel):
    """A sitting: every query of tracks until its end is journalled with it."""

    id: UUID
    purpose: LookingPurpose
    reference: str | None
    letter_no: str | None
    text: str | None
    began_at: datetime
    expires_at: datetime


class CurrentSitting(BaseModel):
    """The sitting of this log-in; null when there is none in force."""

    sitting: SittingOut | None
