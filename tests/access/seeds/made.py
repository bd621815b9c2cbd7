"""Unit A's objects, one of each kind that a route may be asked for."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from fleet.tables import Organisation, Person, Vehicle
from tests.access.cast import Cast
from tests.support.world import World

API = "/api/v1"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)

Post = Callable[[str, str, object], Awaitable[dict[str, object]]]
"""Somebody, a path with its method before it where that is not POST, and a body: what was made."""


@dataclass
class Seeds:
    """The world, everybody in it, and the ids of what was made beyond it."""

    world: World
    cast: Cast
    ids: dict[str, object] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """When the world was made."""
        return self.world.now

    @property
    def unit(self) -> Organisation:
        """Unit A."""
        return self.world.organisations["a"]

    @property
    def vehicle(self) -> Vehicle:
        """A vehicle of A."""
        return self.world.vehicles["a1"]

    def person(self, username: str) -> Person:
        """Somebody of the world, by account."""
        return self.world.people[username]

    def later(self, **delta: float) -> str:
        """Return an instant after now, as the API takes it."""
        return (self.now + timedelta(**delta)).isoformat()

    def hours(self, start: float, end: float) -> dict[str, str]:
        """Return a period between two hours from now."""
        return {"start": self.later(hours=start), "end": self.later(hours=end)}


def id_of(made: object) -> UUID:
    """Return the id of an object that the API made."""
    assert isinstance(made, Mapping)
    return UUID(str(made["id"]))
