"""What organisations say about sharing a vehicle (合乘)."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_Percent = Annotated[int, Field(strict=True, ge=0, le=300)]
_Seconds = Annotated[int, Field(strict=True, ge=0, le=14_400)]


class SharingDetour(BaseModel):
    """The detour (绕行) of whoever shares: what holds unless they say otherwise, and the cap.

    Per cent of the direct time, and seconds; of the two the smaller binds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    default_percent: _Percent = 50
    default_s: _Seconds = 900
    greatest_percent: _Percent = 100
    greatest_s: _Seconds = 3600

    @model_validator(mode="after")
    def _default_within_the_cap(self) -> Self:
        if self.default_percent > self.greatest_percent or self.default_s > self.greatest_s:
            raise ValueError("the default is at most the greatest")
        return self
