"""Suggestions over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from dispatch.cursors import Limit
from dispatch.retrying import RetriedRoute
from dispatch.roads.serving import Roads
from dispatch.schemas import Latitude, Longitude
from dispatch.suggestions import reading, service
from dispatch.suggestions.nearest import Wanted, nearest_eligible
from dispatch.suggestions.schemas import (
    ExplanationOut,
    LeftOutPage,
    SuggestionKept,
    SuggestionOut,
)
from dispatch.suggestions.weighing import Sources
from fleet.access import Actor, Allow
from fleet.permissions import Permission
from fleet.words import Category
from kit.web import Address, DbSession, Now

router = APIRouter(tags=["dispatch"], route_class=RetriedRoute)


def _sources(request: Request, roads: Roads) -> Sources:
    return Sources(
        travel_times=roads,
        map_version=roads.map_version,
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


@router.get("/suggestions/{suggestion_id}")
async def get_suggestion(
    suggestion_id: UUID, actor: Dispatcher, session: DbSession
) -> SuggestionKept:
    """Return a suggestion as it was shown."""
    return await reading.read_suggestion(session, actor, suggestion_id)


@router.get("/suggestions/{suggestion_id}/left-out")
async def list_left_out(
    suggestion_id: UUID,
    actor: Dispatcher,
    session: DbSession,
    now: Now,
    limit: Limit = 100,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> LeftOutPage:
    """List all vehicles that a suggestion left out, the nearest first, with the rule."""
    return await reading.list_left_out(session, actor, suggestion_id, limit, cursor, now)


@router.get("/orders/{order_id}/explanation")
async def get_explanation(
    order_id: UUID, actor: Dispatcher, session: DbSession, now: Now
) -> ExplanationOut:
    """Say why an order has its vehicle, and whether a replay gives the same ranking."""
    return await reading.explain_order(session, actor, order_id, now)


@router.get("/vehicles/nearest-eligible")
async def list_nearest_eligible(
    actor: Dispatcher,
    session: DbSession,
    sources: Asked,
    now: Now,
    address: Address,
    latitude: Latitude,
    longitude: Longitude,
    passengers: Annotated[int, Query(ge=1, le=200)] = 1,
    category: Category | None = None,
    organisation_id: UUID | None = None,
) -> SuggestionOut:
    """Rank the vehicles that could fetch somebody from a place now, for two hours; journalled.

    Without an organisation, for the one for which the actor dispatches. Nothing is kept.
    """
    wanted = Wanted((latitude, longitude), passengers, category, organisation_id)
    return await nearest_eligible(session, actor, wanted, sources, now, address)
