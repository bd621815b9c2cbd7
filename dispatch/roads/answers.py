"""Questions about roads, answered as the API says it; each call is work for a thread."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import numpy as np
import shapely

from dispatch.roads.network import LatLon
from dispatch.roads.place_search.in_use import PlacesInUse
from dispatch.roads.plane import Floats
from dispatch.roads.reach import area
from dispatch.roads.refusals import NoMapInUse, PointOffRoads, as_refusals
from dispatch.roads.road_travel_times import RoadTravelTimes
from dispatch.roads.route import Route, TravelLabel
from dispatch.roads.schemas import (
    BoundsOut,
    IsochroneOut,
    LineStringOut,
    MapOut,
    MatrixIn,
    MatrixOut,
    MultiPolygonOut,
    NearestRoad,
    RouteOut,
    WithheldCounts,
)
from dispatch.roads.travel_times import TravelTimes
from dispatch.roads.versions import MapVersion

_DIGITS = 6
"""A tenth of a metre."""


def route(on_the_map: TravelTimes, origin: LatLon, destination: LatLon, at: datetime) -> RouteOut:
    """The fastest way at that hour. Raises PointOffRoads or NoWayByCar where there is a map."""
    roads = on_the_map.at(at)
    with as_refusals():
        found = (
            roads.require_route(origin, destination)
            if isinstance(roads, RoadTravelTimes)
            else roads.route(origin, destination)
        )
    return RouteOut(
        label=found.label,
        duration_s=round(found.duration_s, 1),
        distance_m=round(found.distance_m, 1),
        geometry=LineStringOut(coordinates=_line(found)),
    )


def _line(found: Route) -> list[tuple[float, float]]:
    path = found.path if len(found.path) > 1 else found.path * 2  # a line has two ends
    return [(round(lon, _DIGITS), round(lat, _DIGITS)) for lat, lon in path]


def nearest(roads: TravelTimes, named: PlacesInUse | None, point: LatLon) -> NearestRoad:
    """The road nearest to a point. Raises PointOffRoads, or NoMapInUse."""
    network = _by_roads(roads).network
    snap = network.nearest_road(point)
    if snap is None:
        raise PointOffRoads
    things = named.things() if named is not None else None
    way_id = int(network.edge_way_id[snap.edge])
    latitude, longitude = network.position(snap)
    return NearestRoad(
        name=things.roads.name_of(way_id) if things is not None else None,
        way_id=way_id,
        latitude=round(latitude, _DIGITS),
        longitude=round(longitude, _DIGITS),
        distance_m=round(snap.distance_m, 1),
    )


def isochrone(roads: TravelTimes, origin: LatLon, within_s: int) -> IsochroneOut:
    """What can be reached in time. Raises PointOffRoads, or NoMapInUse."""
    travel = _by_roads(roads)
    with as_refusals():
        reached = travel.reach(origin, within_s)
    ground = area(travel.network, reached)
    parts = [part for part in shapely.get_parts(ground) if not part.is_empty]
    length_m = travel.network.edge_length_m[reached.edge] * (reached.end - reached.start)
    return IsochroneOut(
        within_s=within_s,
        road_m=round(float(length_m.sum()), 1),
        geometry=MultiPolygonOut(coordinates=[_rings(part) for part in parts]),
    )


def _rings(polygon: shapely.Polygon) -> list[list[tuple[float, float]]]:
    """Rings as RFC 7946 wants them: the outer one against the clock, holes with it."""
    turned = shapely.orient_polygons(polygon)
    return [
        [(round(lon, _DIGITS), round(lat, _DIGITS)) for lon, lat in ring.coords]
        for ring in (turned.exterior, *turned.interiors)
    ]


def matrix(roads: TravelTimes, wanted: MatrixIn) -> MatrixOut:
    """Figures of every pair."""
    origins = [(point.latitude, point.longitude) for point in wanted.origins]
    destinations = [(point.latitude, point.longitude) for point in wanted.destinations]
    durations, distances = roads.matrix(origins, destinations)
    return MatrixOut(
        durations_s=_rows(durations),
        distances_m=_rows(distances),
        origin_labels=[_label(roads, point) for point in origins],
        destination_labels=[_label(roads, point) for point in destinations],
    )


def _label(roads: TravelTimes, point: LatLon) -> TravelLabel:
    return roads.label if roads.covers(point) else TravelLabel.STRAIGHT_LINE


def _rows(figures: Floats) -> list[list[float | None]]:
    return [
        [round(one, 1) if np.isfinite(one) else None for one in row] for row in figures.tolist()
    ]


def described(version: MapVersion) -> MapOut:
    """What a map version says about itself."""
    manifest = version.manifest
    return MapOut(
        version=version.folder.name,
        source_file=manifest.source_file,
        bounds=BoundsOut(**asdict(manifest.bounds)),
        edges=manifest.edges,
        places=manifest.places,
        attribution=manifest.attribution,
        notice=manifest.notice,
        withheld=None if manifest.withheld is None else WithheldCounts(**manifest.withheld),
    )


def _by_roads(roads: TravelTimes) -> RoadTravelTimes:
    if not isinstance(roads, RoadTravelTimes):
        raise NoMapInUse
    return roads
