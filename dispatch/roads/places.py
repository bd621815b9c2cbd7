"""Named places of a map, for search and for saying where something is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from dispatch.roads.importing.access_rules import Tags
from dispatch.roads.importing.car_rules import car_direction
from dispatch.roads.importing.extract import Extract, Line
from dispatch.roads.names import in_one_line

PLACES_FILE = "places.jsonl"

SETTLEMENTS = frozenset(
    {"city", "town", "suburb", "quarter", "neighbourhood", "borough", "village", "hamlet"}
)
# The first key present decides; its value is the category.
_CATEGORY_KEYS = ("aeroway", "railway", "amenity", "tourism", "leisure", "shop", "office")
_ONE_CATEGORY = {"shop": "shop"}
"""Keys whose many values are one category to us."""
ROAD = "road"
"""The category of a street, which is a place too: people say 中山路 and mean it."""
_STREET_DEG = 0.2
"""Streets of one name are one street within a square of so many degrees, some 20 km."""
_NOT_PLACES = frozenset({"rail", "subway", "platform", "switch", "signal", "taxiway", "runway"})


@dataclass(frozen=True, slots=True)
class Place:
    """A named feature; `osm_id` is n, w or r and a number; `category` an OpenStreetMap value."""

    osm_id: str
    name: str
    category: str
    lat: float
    lon: float

    def as_line(self) -> str:
        """The place as a line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False) + "\n"


def category_of(tags: Tags) -> str | None:
    """What kind of place the tags describe (`hospital`, `government`, `suburb`); None if none."""
    settlement = tags.get("place")
    if settlement in SETTLEMENTS:
        return settlement
    for key in _CATEGORY_KEYS:
        value = tags.get(key)
        if value is not None and value not in _NOT_PLACES:
            return _ONE_CATEGORY.get(key, value)
    return "building" if "building" in tags else None


def find_places(extract: Extract) -> Iterator[Place]:
    """The named places of an extract; an area stands at a point inside it, a street midway."""
    for spot in extract.spots:
        name, category = in_one_line(spot.tags.get("name", "")), category_of(spot.tags)
        if name and category:
            yield Place(spot.osm_id, name, category, spot.lat, spot.lon)
    for area in extract.areas:
        name, category = in_one_line(area.tags.get("name", "")), category_of(area.tags)
        if name and category:
            inside = area.geometry.representative_point()
            yield Place(area.osm_id, name, category, round(inside.y, 7), round(inside.x, 7))
    yield from _streets(extract.lines)


def _streets(lines: Iterable[Line]) -> Iterator[Place]:
    """Each named street of a town once, in the middle of its longest way."""
    longest: dict[tuple[str, int, int], Line] = {}
    for line in lines:
        name = in_one_line(line.tags.get("name", ""))
        if not name or car_direction(line.tags) is None:
            continue
        square = (name, int(line.lats[0] // _STREET_DEG), int(line.lons[0] // _STREET_DEG))
        known = longest.get(square)
        if known is None or len(line.node_ids) > len(known.node_ids):
            longest[square] = line
    for (name, _, _), line in longest.items():
        middle = len(line.node_ids) // 2
        lat, lon = float(line.lats[middle]), float(line.lons[middle])
        yield Place(f"w{line.way_id}", name, ROAD, round(lat, 7), round(lon, 7))


def save_places(places: Iterable[Place], folder: Path) -> None:
    """One JSON object a line."""
    with (folder / PLACES_FILE).open("w", encoding="utf-8") as file:
        for place in places:
            file.write(place.as_line())


def load_places(folder: Path) -> list[Place]:
    """The places of a map version's folder."""
    with (folder / PLACES_FILE).open(encoding="utf-8") as file:
        return [Place(**json.loads(line)) for line in file]
