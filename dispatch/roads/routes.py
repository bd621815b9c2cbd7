"""Roads over HTTP: routes, the nearest road, how far one comes, many pairs, the map in use."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query

from dispatch.roads import answers
from dispatch.roads.errors import MapError
from dispatch.roads.map_matching.routes import router as map_matching
from dispatch.roads.place_search.routes import Named
from dispatch.roads.place_search.routes import router as place_search
from dispatch.roads.points import Latitude, Longitude, Point, point_of
from dispatch.roads.refusals import NoMapInUse
from dispatch.roads.schemas import (
    IsochroneOut,
    MapOut,
    MatrixIn,
    MatrixOut,
    NearestRoad,
    RouteOut,
)
from dispatch.roads.serving import MapRoads, Roads
from dispatch.roads.versions import current_version
from fleet.access import Actor, AllowAnyone
from kit.web import AppSettings, InstantIn, Now

router = APIRouter(tags=["roads"])
router.include_router(place_search)
router.include_router(map_matching)

Reader = Annotated[Actor, AllowAnyone()]
PacedReader = Annotated[Actor, AllowAnyone(costly=True)]


@router.get("/roads/route")
async def find_route(
    _actor: Reader,
    roads: MapRoads,
    now: Now,
    from_: Annotated[Point, Query(alias="from", description="latitude,longitude")],
    to: Annotated[Point, Query(description="latitude,longitude")],
    at: Annotated[InstantIn | None, Query(description="When one sets out; now if left out")] = None,
) -> RouteOut:
    """Return the fastest way for a car; a straight line, and labelled so, without a map."""
    return await asyncio.to_thread(answers.route, roads, point_of(from_), point_of(to), at or now)


@router.get("/roads/nearest")
async def find_nearest_road(
    _actor: Reader, roads: Roads, named: Named, latitude: Latitude, longitude: Longitude
) -> NearestRoad:
    """Return the road nearest to a point, whether or not cars may drive on from it."""
    return await asyncio.to_thread(answers.nearest, roads, named, (latitude, longitude))


@router.get("/roads/isochrone")
async def find_isochrone(
    _actor: PacedReader,
    roads: Roads,
    latitude: Latitude,
    longitude: Longitude,
    within_s: Annotated[int, Query(ge=60, le=3_600)] = 900,
) -> IsochroneOut:
    """Return the ground along the roads that a car reaches in so many seconds."""
    return await asyncio.to_thread(answers.isochrone, roads, (latitude, longitude), within_s)


@router.post("/roads/matrix")
async def find_matrix(_actor: PacedReader, roads: Roads, wanted: MatrixIn) -> MatrixOut:
    """Return seconds and metres from every origin to every destination."""
    return await asyncio.to_thread(answers.matrix, roads, wanted)


@router.get("/roads/map")
async def read_map(_actor: Reader, settings: AppSettings) -> MapOut:
    """Return what the map in use says about itself."""
    try:
        version = await asyncio.to_thread(current_version, settings.maps_dir)
    except MapError as error:
        raise NoMapInUse from error
    if version is None:
        raise NoMapInUse
    return answers.described(version)
