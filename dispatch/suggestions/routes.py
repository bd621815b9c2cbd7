"""Suggestions over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from dispatch.retrying import RetriedRoute
from dispatch.roads.serving import Roads
from dispatch.roads.versions import current_name
from dispatch.suggestions import service
from dispatch.suggestions.schemas import SuggestionOut
from dispatch.suggestions.weighing import Sources
from fleet.access import Actor, Allow
from fleet.permissions import Permission
from kit.web import Address, AppSettings, DbSession, Now

router = APIRouter(tags=["dispatch"], route_class=RetriedRoute)


def _sources(request: Request, roads: Roads, settings: AppSettings) -> Sources:
    return Sources(
        travel_times=roads,
        map_version=current_name(settings.maps_dir),
        live=getattr(request.app.state, "live", None),
    )


Dispatcher = Annotated[Actor, Allow(Permission.ORDER_ASSIGN)]
Asked = Annotated[Sources, Depends(_sources)]


@router.post("/requests/{request_id}/suggestions", status_code=201)
async def create_suggestion(
    request_id: UUID,
    actor: Dispatcher,
    session: DbSession,
    sources: Asked,
    now: Now,
    address: Address,
) -> SuggestionOut:
    """Rank the vehicles that may serve a request, with reasons, and say why others may not."""
    return await service.suggest(session, actor, request_id, sources, now, address)
