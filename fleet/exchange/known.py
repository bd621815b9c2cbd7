"""What is known while cells are read and shown: names within scope, the instant, the mode."""

from dataclasses import dataclass, field
from datetime import datetime

from fleet.access import Actor
from fleet.exchange.names import NameIndex
from fleet.permissions import Permission
from fleet.vehicles.secrecy import Refusals
from kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Extent:
    """How far somebody reaches; the system itself (the command line) reaches everything."""

    actor: Actor | None
    everything: frozenset[int] = frozenset()

    def scope(self, permission: Permission) -> frozenset[int]:
        """Return the numbers of the organisations in which the permission holds."""
        return self.everything if self.actor is None else self.actor.scope(permission)


@dataclass(frozen=True, slots=True)
class Known:
    """The surroundings of one import or export.

    organisations, places: those that may be named
    refusals: the plates that are refused as secret; empty while nothing is imported
    resolved: numbers that the list's writer has found or made, by keys of its own
    """

    extent: Extent
    now: datetime
    settings: Settings
    organisations: NameIndex
    places: NameIndex
    refusals: Refusals = field(default_factory=Refusals)
    resolved: dict[tuple[str, object], int] = field(default_factory=dict)
