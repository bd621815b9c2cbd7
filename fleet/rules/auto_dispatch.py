"""What an organisation lets the system dispatch by itself (自动派车): off, suggest, or assign.

The mode is one rule and the limits another, so that switching off states nothing anew.
"""

from datetime import datetime, time
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from fleet.words import Purpose
from kit.clock import SHANGHAI

_HOUR_S = 3600
_LONGEST_S = 31 * 24 * _HOUR_S


class AutoDispatchMode(StrEnum):
    """How far the system goes by itself with a request that awaits dispatch."""

    OFF = "off"
    SUGGEST = "suggest"
    ASSIGN = "assign"


class VehicleReach(StrEnum):
    """The last step of the order of use that may be assigned automatically."""

    OWN_UNIT = "own_unit"
    POOL = "pool"
    CROSS_UNIT = "cross_unit"


class DayHours(BaseModel):
    """A part of every day by the clock of Shanghai, [start, end); it may pass midnight."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: time
    end: time

    @model_validator(mode="after")
    def _plain_and_not_empty(self) -> Self:
        if self.start.tzinfo or self.end.tzinfo:
            raise ValueError("hours are those of Shanghai's clock, without an offset")
        if self.start == self.end:
            raise ValueError("the hours are empty; leave them out for the whole day")
        return self

    def contains(self, at: datetime) -> bool:
        """Return whether an instant lies in these hours of its day."""
        clock = at.astimezone(SHANGHAI).time()
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


class AutoDispatchLimits(BaseModel):
    """Within what a request is assigned automatically; everything else is left to the dispatcher.

    purposes, hours: None for all; hours are those in which the ride begins
    longest_ride_s: from the planned departure to the planned return
    greatest_empty_m: the way of the vehicle to its passengers
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1, max_length=20)] | None = None
    longest_ride_s: Annotated[int, Field(strict=True, ge=600, le=_LONGEST_S)] = 12 * _HOUR_S
    greatest_empty_m: Annotated[int, Field(strict=True, ge=100, le=1_000_000)] = 20_000
    vehicles: VehicleReach = VehicleReach.POOL
    hours: DayHours | None = None
