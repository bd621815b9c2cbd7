"""Routes of the fleet's counts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from fleet.access import Actor, Allow
from fleet.lists import Paging
from fleet.permissions import Permission
from fleet.summary import schemas, service
from kit.web import DbSession, InstantIn, Now

router = APIRouter()


@router.get("/fleet/summary", tags=["fleet"])
async def summarise_fleet(
    actor: Annotated[Actor, Allow(Permission.VEHICLE_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
    organisation_id: UUID | None = None,
    at: InstantIn | None = None,
) -> schemas.SummaryOut:
    """Count the fleet of an organisation within scope (default: all of it), and of its parts."""
    scope = actor.scope(Permission.VEHICLE_READ)
    return await service.summary(session, scope, organisation_id, at or now, part)
