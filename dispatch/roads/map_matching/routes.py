"""Trips on roads over HTTP: whoever may see a trip's track sees the roads that it took."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from dispatch.roads.map_matching.schemas import MatchedTripOut
from dispatch.roads.map_matching.trips import MatcherInUse, matched_trip
from dispatch.roads.map_matching.valhalla import Valhalla
from dispatch.roads.network import RoadNetwork
from dispatch.roads.serving import roads_network
from kit.web import DbSession
from tracking.history import service
from tracking.history.looking import Looking

router = APIRouter(tags=["roads"])


def _matcher(request: Request) -> MatcherInUse:
    matcher: MatcherInUse = request.app.state.matcher_in_use
    return matcher


def _valhalla(request: Request) -> Valhalla | None:
    valhalla: Valhalla | None = request.app.state.valhalla
    return valhalla


@router.get("/trips/{trip_id}/matched")
async def get_matched_trip(
    trip_id: UUID,
    look: Looking,
    session: DbSession,
    network: Annotated[RoadNetwork | None, Depends(roads_network)],
    matcher: Annotated[MatcherInUse, Depends(_matcher)],
    valhalla: Annotated[Valhalla | None, Depends(_valhalla)],
) -> MatchedTripOut:
    """One version of a trip on roads; journalled as a look at its track."""
    trip = await service.trip(session, look, trip_id)
    # Matching takes seconds, by a service the more so: the database isn't held meanwhile.
    await session.commit()
    return await matched_trip(trip, network, matcher, valhalla)
