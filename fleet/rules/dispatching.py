"""What organisations say about who may use which vehicle, and when a vehicle may leave."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from fleet.inputs import Latitude, Longitude, Name


class DepartureCheckRule(StrEnum):
    """Whether a vehicle departs without a departure check (出车检查)."""

    OFF = "off"
    REQUIRED = "required"


class CrossUnitRule(StrEnum):
    """Whether other units may be given a unit's own vehicles (跨单位统一调度, 条例 art 26)."""

    OPEN = "open"
    CLOSED = "closed"


class AllowanceCircle(BaseModel):
    """A part of the allowance area (补贴范围): all within `radius_m` of a point (WGS-84)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    latitude: Latitude
    longitude: Longitude
    radius_m: Annotated[int, Field(strict=True, ge=100, le=500_000)]
