"""Looking at tracks: who asks, in which sitting, and the entry that every query leaves."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor, Allow, Reach
from fleet.permissions import Permission
from fleet.sittings.sitting import InSitting, journal_look
from fleet.sittings.tables import Sitting
from fleet.sittings.words import LookingPurpose
from fleet.tables import Vehicle
from kit.errors import Forbidden, NotFound
from kit.web import Address, Now
from tracking.history import store as history


class CaseNeeded(Forbidden):
    """Who was near a place is told for a case or under a letter only: state its number."""


@dataclass(frozen=True, slots=True)
class Look:
    """By whom, in which sitting, when and from where tracks are looked at."""

    actor: Actor
    sitting: Sitting
    now: datetime
    address: str | None

    @property
    def reach(self) -> Reach:
        """Which vehicles may be looked at."""
        return self.actor.reach(Permission.TRACK_READ)

    def require_case(self) -> None:
        """Raise CaseNeeded unless the sitting states the number of a case or of a letter.

        Who was near a place is a question about people nobody has named yet.
        """
        if self.sitting.purpose != LookingPurpose.CASE and self.sitting.letter_no is None:
            raise CaseNeeded

    def journal(
        self, session: AsyncSession, action: str, object_id: UUID | None, asked: dict[str, object]
    ) -> None:
        """Add the one entry of a query."""
        journal_look(
            session,
            self.actor,
            self.sitting,
            action,
            object_id,
            now=self.now,
            address=self.address,
            asked=asked,
        )


async def find_vehicle(session: AsyncSession, look: Look, vehicle_id: UUID) -> Vehicle:
    """Return a vehicle whose track may be looked at. Raises NotFound."""
    vehicle = await history.find_vehicle(session, vehicle_id, look.reach, look.now)
    if vehicle is None:
        raise NotFound
    return vehicle


def as_utc(instant: datetime) -> datetime:
    """Return an instant in UTC; one without an offset is meant to be."""
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


def _look(
    actor: Annotated[Actor, Allow(Permission.TRACK_READ, costly=True)],
    sitting: InSitting,
    now: Now,
    address: Address,
) -> Look:
    return Look(actor.under(sitting.letter_no), sitting, now, address)


# Who reads tracks has said why: the sitting stands in the journal's entry of every query.
Looking = Annotated[Look, Depends(_look, scope="function")]
