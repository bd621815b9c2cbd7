"""Trips on roads over HTTP: whoever may see a trip's track sees the roads that it took."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from dispatch.roads.map_matching.schemas import MatchedTripOut
from dispatch.roads.map_matching.trips import MatcherInUse, on_roads
from dispatch.roads.network import RoadNetwork
from dispatch.roads.serving import roads_network
from kit.web import DbSession
from tracking.history import service
from tracking.history.looking import Looking

router = APIRouter(tags=["roads"])


def _matcher(request: Request) -> MatcherInUse:
    matcher: MatcherInUse = request.app.state.matcher_in_use
    return matcher


@router.get("/trips/{trip_id}/matched")
async def get_matched_trip(
    trip_id: UUID,
    look: Looking,
    session: DbSession,
    network: Annotated[RoadNetwork | None, Depends(roads_network)],
    matcher: Annotated[MatcherInUse, Depends(_matcher)],
) -> MatchedTripOut:
    """One version of a trip on the roads of the map in use; journalled as a look at its track."""
    trip = await service.trip(session, look, trip_id)
    return await asyncio.to_thread(on_roads, trip, network, matcher)
