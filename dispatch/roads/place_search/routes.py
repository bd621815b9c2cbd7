"""Places over HTTP: by name, and at a point."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi import Request as HttpRequest

from dispatch.roads.network import RoadNetwork
from dispatch.roads.place_search import service
from dispatch.roads.place_search.in_use import PlacesInUse
from dispatch.roads.place_search.schemas import PlacesFound, PointNamed
from dispatch.roads.points import Latitude, Longitude, Point, point_of
from dispatch.roads.serving import roads_network
from fleet.access import Actor, AllowAnyone
from fleet.permissions import Permission
from kit.web import DbSession

router = APIRouter(tags=["roads"])


def _in_use(request: HttpRequest) -> PlacesInUse | None:
    found: PlacesInUse | None = getattr(request.app.state, "places_in_use", None)
    return found


Named = Annotated[PlacesInUse | None, Depends(_in_use)]
Network = Annotated[RoadNetwork | None, Depends(roads_network)]
# Everybody's places are shown to whoever is logged in, those of units to who may read them.
Reader = Annotated[Actor, AllowAnyone(widened_by=(Permission.PLACE_READ,))]


@router.get("/place-search")
async def search_places(
    actor: Reader,
    session: DbSession,
    in_use: Named,
    q: Annotated[str, Query(min_length=1, max_length=100, description="Name, pinyin or initials")],
    near: Annotated[Point | None, Query(description="Where one asks: latitude,longitude")] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> PlacesFound:
    """Find places by part of a name, its pinyin or its initials: own ones first, then the map's.

    Several words must all be found. Equally good ones come by nearness to `near`.
    """
    return await service.search(
        session, actor, q, None if near is None else point_of(near), limit, in_use
    )


@router.get("/place-search/reverse")
async def name_point(
    actor: Reader,
    session: DbSession,
    in_use: Named,
    network: Network,
    latitude: Latitude,
    longitude: Longitude,
) -> PointNamed:
    """Say what lies at a point: the own place that holds it, or place, road and quarter nearby."""
    return await service.at_point(session, actor, (latitude, longitude), in_use, network)
