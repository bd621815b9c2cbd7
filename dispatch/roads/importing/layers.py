"""The basemap's layers: which object stands in which layer, as what class, from which zoom.

A style reads these names: every feature has `class`, and `name` where it has one; roads have
`bridge`, `tunnel` and `oneway` too (true or false).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dispatch.roads.importing.access_rules import Tags
from dispatch.roads.places import SETTLEMENTS, category_of

Row = Mapping[str, str | bool | None]

_WATER = {"natural": {"water"}, "waterway": {"riverbank", "dock"}, "landuse": {"reservoir"}}
_GREEN = {"park", "garden", "pitch", "golf_course", "nature_reserve"}
_NATURAL = {"wood", "scrub", "grassland", "wetland", "sand", "beach"}
_FOOT = {"footway", "path", "pedestrian", "steps", "cycleway", "track"}
_ROADS = {
    **{road: road for road in ("motorway", "trunk", "primary", "secondary", "tertiary")},
    **dict.fromkeys(("unclassified", "residential", "living_street", "road"), "minor"),
    "service": "service",
    **dict.fromkeys(_FOOT, "path"),
}


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the tiles. `row` gives a feature's attributes, or None: not in this layer.

    `from_zoom` names the classes seen at lower zooms than the rest; "" stands for the rest.
    """

    name: str
    row: Callable[[Tags], Row | None]
    from_zoom: Mapping[str, int]

    def zoom_filter(self) -> list[object]:
        """The layer's filter in the expression language of tippecanoe's `--feature-filter`."""
        others = [name for name in self.from_zoom if name]
        rest = ["all", [">=", "$zoom", self.from_zoom[""]], ["!in", "class", *others]]
        named = [
            ["all", [">=", "$zoom", zoom], ["==", "class", name]]
            for name, zoom in self.from_zoom.items()
            if name
        ]
        return ["any", rest, *named]


def _row(kind: str | None, tags: Tags) -> Row | None:
    return None if kind is None else {"class": kind, "name": tags.get("name")}


def _water(tags: Tags) -> Row | None:
    known = any(tags.get(key) in values for key, values in _WATER.items())
    return _row(tags.get("water", "water") if known else None, tags)


def _landuse(tags: Tags) -> Row | None:
    natural, leisure = tags.get("natural"), tags.get("leisure")
    if leisure in _GREEN:
        return _row(leisure, tags)
    return _row(tags.get("landuse") or (natural if natural in _NATURAL else None), tags)


def _building(tags: Tags) -> Row | None:
    return _row(None if tags.get("building", "no") == "no" else "building", tags)


def _waterway(tags: Tags) -> Row | None:
    kind = tags.get("waterway")
    return _row(kind if kind in {"river", "canal", "stream", "drain"} else None, tags)


def _railway(tags: Tags) -> Row | None:
    kind = tags.get("railway")
    return _row(kind if kind in {"rail", "light_rail", "subway", "tram"} else None, tags)


def _road(tags: Tags) -> Row | None:
    kind = _ROADS.get(tags.get("highway", "").removesuffix("_link"))
    if kind is None:
        return None
    facts = {key: tags.get(key, "no") != "no" for key in ("bridge", "tunnel", "oneway")}
    return {"class": kind, "name": tags.get("name"), **facts}


def _settlement(tags: Tags) -> Row | None:
    kind = tags.get("place")
    return _row(kind if kind in SETTLEMENTS and "name" in tags else None, tags)


def _landmark(tags: Tags) -> Row | None:
    kind = category_of(tags)
    return _row(kind if "name" in tags and kind not in SETTLEMENTS else None, tags)


AREA_LAYERS = (
    Layer("landuse", _landuse, {"": 10}),
    Layer("water", _water, {"": 6}),
    Layer("buildings", _building, {"": 13}),
)
LINE_LAYERS = (
    Layer("waterways", _waterway, {"": 12, "river": 8}),
    Layer("railways", _railway, {"": 10}),
    Layer(
        "roads",
        _road,
        {"": 13, "motorway": 3, "trunk": 5, "primary": 7, "secondary": 9, "tertiary": 11}
        | {"minor": 12},
    ),
)
SPOT_LAYERS = (
    Layer("settlements", _settlement, {"": 11, "city": 3, "town": 8}),
    Layer("landmarks", _landmark, {"": 14, "hospital": 12, "station": 12, "government": 13}),
)


def all_layers() -> Iterator[Layer]:
    """Every layer, from the ground up."""
    yield from (*AREA_LAYERS, *LINE_LAYERS, *SPOT_LAYERS)
