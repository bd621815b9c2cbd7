"""Places the demo drives to: each stands beside a street, some with a drive into their yard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from math import atan2, degrees
from random import Random

import shapely
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon, box

from demo.city import names
from demo.city.model import PlaceKind, Tags
from demo.city.streets import POKE_M, Street

_SETBACK_M = 45.0
_SPACE_M = 160.0
"""Two landmarks stand at least this far apart."""

_TAGS: dict[PlaceKind, Tags] = {
    PlaceKind.OFFICE: {"building": "government", "office": "government"},
    PlaceKind.BASE: {"amenity": "parking", "parking": "surface"},
    PlaceKind.HOSPITAL: {"building": "hospital", "amenity": "hospital"},
    PlaceKind.STATION: {"building": "train_station", "railway": "station"},
    PlaceKind.HOTEL: {"building": "hotel", "tourism": "hotel"},
    PlaceKind.SCHOOL: {"building": "school", "amenity": "school"},
    PlaceKind.FUEL: {"amenity": "fuel"},
    PlaceKind.RESTAURANT: {"building": "retail", "amenity": "restaurant"},
    PlaceKind.MARKET: {"building": "retail", "amenity": "marketplace"},
    PlaceKind.HOME: {"building": "apartments"},
    PlaceKind.ATTRACTION: {"tourism": "attraction"},
}
_SIZE_M = {PlaceKind.BASE: (70.0, 50.0), PlaceKind.FUEL: (30.0, 20.0)}


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place on the ground, in metres: its middle, its outline, and its door on a street."""

    name: str
    kind: PlaceKind
    middle: Point
    outline: Polygon
    door: Point
    tags: Tags


def set_landmarks(streets: Sequence[Street], random: Random) -> list[Landmark]:
    """Every place of the list beside some collector or lane that runs near its quarter."""
    calm = [s.line for s in streets if s.tags["highway"] in ("tertiary", "residential")]
    beside = shapely.STRtree(calm)
    everything = shapely.union_all([street.line for street in streets])
    landmarks: list[Landmark] = []
    for name, kind, target, spread in _wanted():
        for _ in count():
            wish = Point(random.gauss(target[0], spread), random.gauss(target[1], spread))
            street = calm[int(beside.nearest(wish))]
            landmark = _beside(street, wish, name, kind)
            free = landmark.outline.distance(everything) > 10
            apart = all(other.middle.distance(landmark.middle) > _SPACE_M for other in landmarks)
            if free and apart and abs(landmark.middle.x) < 5500 and abs(landmark.middle.y) < 4600:
                landmarks.append(landmark)
                break
            spread += 5
    return landmarks


def drives(landmarks: Sequence[Landmark]) -> Iterator[Street]:
    """The way from the street into each base's yard."""
    for landmark in landmarks:
        if landmark.kind is PlaceKind.BASE:
            line = LineString([landmark.middle, landmark.door])
            yield Street(_longer(line, POKE_M), {"highway": "service", "name": landmark.name})


def _beside(street: LineString, wish: Point, name: str, kind: PlaceKind) -> Landmark:
    along = street.project(wish)
    door = street.interpolate(along)
    ahead = street.interpolate(min(along + 1.0, street.length))
    behind = street.interpolate(max(along - 1.0, 0.0))
    direction = shapely.get_coordinates([behind, ahead])
    (east, north) = (direction[1] - direction[0]) / max(behind.distance(ahead), 1e-9)
    left = (wish.x - door.x) * -north + (wish.y - door.y) * east >= 0
    side = _SETBACK_M if left else -_SETBACK_M
    middle = Point(door.x - north * side, door.y + east * side)
    width, depth = _SIZE_M.get(kind, (50.0, 36.0))
    upright = box(
        middle.x - width / 2, middle.y - depth / 2, middle.x + width / 2, middle.y + depth / 2
    )
    outline = affinity.rotate(upright, degrees(atan2(north, east)), origin=middle)
    return Landmark(name, kind, middle, outline, door, {**_TAGS[kind], "name": name})


def _longer(line: LineString, by_m: float) -> LineString:
    share = 1 + by_m / line.length
    return affinity.scale(line, share, share, origin=Point(line.coords[0]))


def _wanted() -> Iterator[tuple[str, PlaceKind, tuple[float, float], float]]:
    """Name, kind, wished place and how far from it the seed may put it, in metres."""
    for office in names.OFFICES:
        yield f"{names.CITY}{office}", PlaceKind.OFFICE, (0.0, 1500.0), 1600.0
    corners = ((3600, 1100), (-3600, 1100), (700, -3400), (-700, 3500), (400, 1300), (-2300, -1900))
    for where, corner in zip(names.BASES, corners, strict=True):
        yield f"{where}定点停放点", PlaceKind.BASE, corner, 200.0
    for number, home in enumerate(names.HOMES):
        target = ((-1) ** number * 3400.0, (number - 2.5) * 1300.0)
        yield home, PlaceKind.HOME, target, 300.0
    for name, kind, target in _SINGLE:
        yield name, kind, target, 250.0


_SINGLE = (
    ("澄禾示范第一医院", PlaceKind.HOSPITAL, (-1200, 2300)),
    ("澄禾示范第二医院", PlaceKind.HOSPITAL, (2600, -2600)),
    ("澄禾示范站", PlaceKind.STATION, (4100, 2300)),
    ("棠帆宾馆", PlaceKind.HOTEL, (900, 2400)),
    ("砚舟宾馆", PlaceKind.HOTEL, (-1900, 900)),
    ("荻梭会议中心", PlaceKind.HOTEL, (3300, -900)),
    ("澄禾示范第一中学", PlaceKind.SCHOOL, (-2600, 2400)),
    ("澄禾示范第二中学", PlaceKind.SCHOOL, (1900, 3300)),
    ("棠圃小学", PlaceKind.SCHOOL, (-3700, -2500)),
    ("城东加油站", PlaceKind.FUEL, (4200, 800)),
    ("城西加油站", PlaceKind.FUEL, (-4200, 800)),
    ("城南加油站", PlaceKind.FUEL, (300, -2700)),
    ("蒲灯饭庄", PlaceKind.RESTAURANT, (2300, 1300)),
    ("瓷坞饭庄", PlaceKind.RESTAURANT, (-3300, 3300)),
    ("霁渚茶楼", PlaceKind.RESTAURANT, (1300, -2300)),
    ("麦笛农贸市场", PlaceKind.MARKET, (-900, -2300)),
    ("枫笺百货商场", PlaceKind.MARKET, (800, 800)),
    ("萤舟湖景区", PlaceKind.ATTRACTION, (-3700, 3500)),
    ("砂屏湿地景区", PlaceKind.ATTRACTION, (4700, -3500)),
)
