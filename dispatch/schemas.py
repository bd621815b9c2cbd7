"""What the API says all over dispatch. Coordinates are WGS-84, times RFC 3339 with offset."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kit.texts import Written

Text = Annotated[str, Written(500)]
ShortText = Annotated[str, Written(120)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Revision = Annotated[int, Field(ge=1, le=2_000_000_000)]
"""What stands has been changed so often; whoever acts says what they have read."""


class Sent(BaseModel):
    """A body that a client sends: unknown fields are refused, so that a typo is seen."""

    model_config = ConfigDict(extra="forbid")


class NamedRef(BaseModel):
    """An organisation, person or driver by name."""

    id: UUID
    name: str


class Objection(BaseModel):
    """A soft rule that speaks against a choice: whoever read it may override it with a reason."""

    rule: str
    sentence: str


class PlateRef(BaseModel):
    """A vehicle by plate."""

    id: UUID
    plate: str


class PeriodOut(BaseModel):
    """A half-open period."""

    start: datetime
    end: datetime | None


class Waypoint(Sent):
    """A planned place of a ride."""

    name: ShortText
    latitude: Latitude
    longitude: Longitude


class StayWaypoint(Waypoint):
    """A place at which a ride calls on its way, and how long it stays there."""

    stay_minutes: Annotated[int, Field(ge=0, le=24 * 60)] = 0


class StepOut(BaseModel):
    """One step of a request or an order."""

    action: str
    from_state: str
    to_state: str
    actor: NamedRef | None
    at: datetime
    reason: str | None
