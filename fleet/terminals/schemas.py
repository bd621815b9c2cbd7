"""What the API speaks about terminals."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from fleet.inputs import Input, Name
from fleet.refs import Named, TerminalRef, VehicleRef
from fleet.words import (
    Authentication,
    Protocol,
)
from kit.web import InstantIn


class NewTerminal(Input):
    """A terminal to add."""

    phone: Annotated[
        str,
        StringConstraints(pattern=r"^[0-9A-Fa-f]{1,20}$"),
        Field(description="The digits that it signs with; some devices pack hexadecimal ones"),
    ]
    protocol: Protocol = Protocol.JT808
    authentication: Authentication = Authentication.TOKEN
    organisation_id: UUID
    maker: Name | None = None
    model: Name | None = None


class TerminalOut(TerminalRef):
    """A terminal (车载终端) and the vehicle in which it sits now."""

    protocol: Protocol
    authentication: Authentication
    maker: str | None
    model: str | None
    registered_at: datetime | None
    vehicle: VehicleRef | None
    unit: Named


class NewBinding(Input):
    """In which vehicle a terminal sits, and from when to when; it begins now if not said."""

    vehicle_id: UUID
    start: InstantIn | None = None
    end: InstantIn | None = None
    is_primary: bool = True


class BindingEnd(Input):
    """When a binding ends; now if not said."""

    end: InstantIn | None = None


class BindingOut(BaseModel):
    """A dated binding of a terminal to a vehicle."""

    terminal: TerminalRef
    vehicle: VehicleRef
    start: datetime | None
    end: datetime | None
    is_primary: bool


class TerminalPage(BaseModel):
    """A page of terminals."""

    items: list[TerminalOut]
    next_cursor: str | None
