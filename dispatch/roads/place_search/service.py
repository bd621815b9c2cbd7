"""Use cases: a place by part of its name, and what lies at a point. Own places come first."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.roads.network import LatLon, RoadNetwork
from dispatch.roads.place_search import store
from dispatch.roads.place_search.catalogue import Hit
from dispatch.roads.place_search.in_use import NamedThings, PlacesInUse
from dispatch.roads.place_search.index import NameIndex
from dispatch.roads.place_search.schemas import (
    FoundPlace,
    PlacesFound,
    PlaceSource,
    PointNamed,
    RoadNamed,
)
from dispatch.roads.place_search.store import OwnPlace
from dispatch.roads.plane import distance_m
from fleet.access import Actor
from fleet.permissions import Permission
from fleet.places.watched import watched_scope

AT_PLACE_M = 150.0
AT_ROAD_M = 200.0
SETTLEMENT_M = 5_000.0


async def search(
    session: AsyncSession,
    actor: Actor,
    query: str,
    near: LatLon | None,
    limit: int,
    in_use: PlacesInUse | None,
) -> PlacesFound:
    """Find places by name, pinyin or initials: the agency's own ones, then the map's."""
    scope = actor.scope(Permission.PLACE_READ)
    watched = watched_scope(actor)
    own = _ranked(await store.own_places(session, scope, query, watched=watched), query, near)
    things = await asyncio.to_thread(in_use.things) if in_use is not None else None
    if things is None:
        return PlacesFound(items=own[:limit], found=len(own))
    hits, found = await asyncio.to_thread(things.places.find, query, near, max(0, limit - len(own)))
    items = [*own, *(_of_map(hit, things) for hit in hits)][:limit]
    return PlacesFound(items=items, found=found + len(own))


async def at_point(
    session: AsyncSession,
    actor: Actor,
    point: LatLon,
    in_use: PlacesInUse | None,
    network: RoadNetwork | None,
) -> PointNamed:
    """Say what lies at a point: the smallest own place that holds it, or what the map knows."""
    around = await store.own_places_around(
        session, actor.scope(Permission.PLACE_READ), point, watched=watched_scope(actor)
    )
    things = await asyncio.to_thread(in_use.things) if in_use is not None else None
    place = _smallest_around(around, point)
    road, settlement = None, None
    if things is not None:
        if place is None:
            place = await asyncio.to_thread(_nearest_of_map, things, point)
        settlement = things.places.settlement(point, SETTLEMENT_M)
        if network is not None:
            road = await asyncio.to_thread(named_road, network, things, point)
    return PointNamed(
        place=place, road=road, settlement=settlement, label=_label(place, road, settlement)
    )


def _ranked(own: Sequence[OwnPlace], query: str, near: LatLon | None) -> list[FoundPlace]:
    """Own places that meet the query, best first; the store has only guessed."""
    if not own:
        return []
    match = NameIndex.build([name for _, name, *_ in own]).find(query, len(own))
    shown = [_of_own(one, near) for one in own]
    order = sorted(range(len(own)), key=lambda at: (match[at], shown[at].distance_m or 0.0, at))
    return [shown[at] for at in order if match[at] < 255]


def _of_own(own: OwnPlace, near: LatLon | None) -> FoundPlace:
    id, name, kind, latitude, longitude, radius_m = own
    away = None if near is None else _away_m(near, (latitude, longitude))
    return FoundPlace(
        source=PlaceSource.OWN,
        id=id,
        osm_id=None,
        name=name,
        category=kind,
        latitude=latitude,
        longitude=longitude,
        radius_m=radius_m,
        settlement=None,
        distance_m=away,
    )


def _of_map(hit: Hit, things: NamedThings) -> FoundPlace:
    place = hit.place
    return FoundPlace(
        source=PlaceSource.MAP,
        id=None,
        osm_id=place.osm_id,
        name=place.name,
        category=place.category,
        latitude=place.lat,
        longitude=place.lon,
        radius_m=None,
        settlement=things.places.settlement((place.lat, place.lon), SETTLEMENT_M),
        distance_m=None if hit.distance_m is None else round(hit.distance_m, 1),
    )


def _smallest_around(around: Iterable[OwnPlace], point: LatLon) -> FoundPlace | None:
    holding = [one for one in (_of_own(own, point) for own in around) if _holds(one)]
    return min(holding, key=lambda one: (one.radius_m or 0, one.distance_m or 0.0), default=None)


def _holds(place: FoundPlace) -> bool:
    return (place.distance_m or 0.0) <= (place.radius_m or 0)


def _nearest_of_map(things: NamedThings, point: LatLon) -> FoundPlace | None:
    found = things.places.nearest(point, AT_PLACE_M)
    return None if found is None else _of_map(Hit(found[0], 0, found[1]), things)


def named_road(network: RoadNetwork, things: NamedThings, point: LatLon) -> RoadNamed | None:
    """The nearest road that has a name."""
    beside = network.streets_within(np.array([point[0]]), np.array([point[1]]), AT_ROAD_M)
    for edge, metres in zip(beside.edge.tolist(), beside.distance_m.tolist(), strict=True):
        name = things.roads.name_of(int(network.edge_way_id[edge]))
        if name is not None:
            return RoadNamed(name=name, distance_m=round(metres, 1))
    return None


def _label(place: FoundPlace | None, road: RoadNamed | None, settlement: str | None) -> str | None:
    """One line: an own place by its name; else 片区 + 道路 + 近 what stands there."""
    if place is not None and place.source is PlaceSource.OWN:
        return place.name
    where = "".join(part for part in (settlement, road.name if road else None) if part)
    if place is None:
        return where or None
    return f"{where} 近{place.name}" if where else place.name


def _away_m(one: LatLon, other: LatLon) -> float:
    away = distance_m(*(np.array(part) for part in (*one, *other)))
    return round(float(away), 1)
