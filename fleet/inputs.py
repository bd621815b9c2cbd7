"""What inputs of the API share: they refuse members that they don't know, and state every bound."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from kit.texts import Written

Name = Annotated[str, Written(100)]


Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 -]{2,23}$")]


Latitude = Annotated[float, Field(ge=-90, le=90, description="WGS-84 degrees")]


Longitude = Annotated[float, Field(ge=-180, le=180, description="WGS-84 degrees")]


class Input(BaseModel):
    """A body that a client sends."""

    model_config = ConfigDict(extra="forbid")
