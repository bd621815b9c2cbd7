"""Routes of questions to history."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from kit.paging import MAX_LIMIT
from kit.web import DbSession, InstantIn
from tracking.history.looking import Looking
from tracking.questions import near, nearby, where
from tracking.questions.passing import Place
from tracking.questions.schemas import NearbyList, PassPage, Whereabouts

router = APIRouter()

Latitude = Annotated[float, Query(ge=-90, le=90, description="WGS-84 degrees")]
Longitude = Annotated[float, Query(ge=-180, le=180, description="WGS-84 degrees")]


@router.get("/positions/at")
async def where_was(
    look: Looking, session: DbSession, vehicle_id: UUID, at: InstantIn
) -> Whereabouts:
    """Where a vehicle was: the last position known by then, the first one after; journalled.

    Nothing in between is made up: each position tells how far in time it is from `at`.
    """
    return await where.where_at(session, look, vehicle_id, at)


@router.get("/positions/near")
async def who_was_near(
    look: Looking,
    session: DbSession,
    latitude: Latitude,
    longitude: Longitude,
    start: InstantIn,
    end: InstantIn,
    radius_m: Annotated[float, Query(ge=1, le=1000)] = 200,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 100,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> PassPage:
    """Who was within a radius of a place in [start, end], 31 days at most; for a case; journalled.

    The straight line between two positions counts when they follow one another closely.
    """
    asked = near.AskedNear(Place(latitude, longitude, radius_m), start, end)
    return await near.near(session, look, asked, limit, cursor)


@router.get("/positions/nearest-at")
async def who_was_nearest(
    look: Looking,
    session: DbSession,
    latitude: Latitude,
    longitude: Longitude,
    at: InstantIn,
    within_s: Annotated[int, Query(ge=1, le=86_400)] = 600,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
) -> NearbyList:
    """The vehicles nearest to a place at a past instant, by straight distance; for a case.

    A vehicle whose last position was older than `within_s` by then is left out. Journalled.
    """
    return await nearby.nearest_at(session, look, latitude, longitude, at, within_s, limit)
