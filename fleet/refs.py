"""Small references to an object: its id and the name by which people know it."""

from uuid import UUID

from pydantic import BaseModel


class Named(BaseModel):
    """A small reference: an object's id and its name."""

    id: UUID
    name: str


class VehicleRef(BaseModel):
    """A small reference to a vehicle."""

    id: UUID
    plate: str


class TerminalRef(BaseModel):
    """A small reference to a terminal."""

    id: UUID
    phone: str


def named(id: UUID | None, name: str | None) -> Named | None:
    """Return a small reference, or None when there is nothing to refer to."""
    return Named(id=id, name=name or "") if id is not None else None
