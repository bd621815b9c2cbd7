"""Who could fetch somebody from a place now: a ranking for no request, which nobody keeps."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.need import Need
from dispatch.requests.store import organisation_no
from dispatch.roads.network import LatLon
from dispatch.suggestions.schemas import SuggestionOut
from dispatch.suggestions.views import suggestion_out
from dispatch.suggestions.weighing import Sources, weigh
from fleet.access import Actor
from fleet.permissions import Permission
from fleet.words import Category
from kit.errors import NotFound
from tracking.live.service import journal_live

DURATION = timedelta(hours=2)
"""How long the imagined ride takes: as long as most orders, within which a vehicle is kept free."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to fetch, from where; organisation_id: for whom, None for the actor's own."""

    origin: LatLon
    passengers: int
    category: Category | None
    organisation_id: UUID | None


async def nearest_eligible(
    session: AsyncSession,
    actor: Actor,
    wanted: Wanted,
    sources: Sources,
    now: datetime,
    address: str | None,
) -> SuggestionOut:
    """Rank the vehicles of the actor's scope for a ride from a place now. Raises NotFound."""
    need = Need(
        unit_no=await _unit_no(session, actor, wanted.organisation_id),
        category=wanted.category,
        passengers=wanted.passengers,
        start=now,
        end=now + DURATION,
        origin=wanted.origin,
    )
    asked = {"latitude": wanted.origin[0], "longitude": wanted.origin[1]}
    await journal_live(session, actor, now, address, asked)
    weighed = await weigh(session, actor.scope(Permission.ORDER_ASSIGN), need, sources, now)
    return await suggestion_out(session, weighed, None)


async def _unit_no(session: AsyncSession, actor: Actor, organisation_id: UUID | None) -> int:
    scope = actor.scope(Permission.ORDER_ASSIGN)
    if organisation_id is not None:
        no = await organisation_no(session, organisation_id)
        if no is None or no not in scope:
            raise NotFound
        return no
    return next(
        grant.organisation_no
        for grant in actor.grants
        if Permission.ORDER_ASSIGN in grant.permissions
    )
