"""Objects that an import must not let through; they stand here so that a test can miss them."""

from __future__ import annotations

from collections.abc import Iterator

from shapely.geometry import LineString, Point, Polygon, box

from demo.city.draft import Draft
from demo.city.model import Tags

_GROUND = box(5450, -4900, 5950, -4450)
"""A corner of the map without streets."""


def add_restricted(draft: Draft) -> tuple[str, ...]:
    """Add military objects and high boundaries of every shape; returns their names."""
    numbers = iter(range(1, 100))
    given: list[str] = []

    def named(tags: Tags, more: str = "") -> Tags:
        given.append(f"演示禁显{next(numbers):02d}号{more}")
        return {**tags, "name": given[-1]}

    draft.area(_GROUND, named({"landuse": "military"}))
    # Untagged as military themselves, but wholly inside: hidden with the area.
    draft.area(box(5500, -4800, 5540, -4770), named({"building": "yes", "office": "research"}))
    draft.line(LineString([(5480, -4850), (5900, -4500)]), named({"highway": "service"}))
    draft.spot(Point(5700, -4600), named({"amenity": "restaurant"}))
    for area, tags in _objects():
        draft.area(area, named(tags))
    draft.spot(Point(1000, 1000), named({"military": "checkpoint"}))
    draft.spot(Point(1010, 1000), named({"military": "office", "office": "government"}))
    draft.line(LineString([(5200, 4700), (5300, 4800)]), named({"highway": "service"} | _ROAD))
    border = draft.line(LineString([(-5990, 4980), (5990, 4980)]), named(_PROVINCE))
    draft.relation([border], named({"type": "boundary"} | _PROVINCE))
    rim = draft.area(box(-5995, -4995, 5995, 4990), {})
    draft.relation([rim], named({"type": "boundary", "place": "city"} | _NATION))
    fence = draft.area(_BASE, {})
    draft.relation([fence], named({"type": "multipolygon", "military": "base"}))
    for at, (area, tags) in enumerate(_closed_by_other_tags()):
        draft.area(area, named(tags, "军事管理区" if at == 0 else ""))
        middle = area.centroid
        draft.area(middle.buffer(8, quad_segs=1), named({"building": "yes", "amenity": "school"}))
        draft.spot(middle, named({"amenity": "fuel"}))
    draft.area(box(-5800, -4800, -5780, -4780), named({"building": "yes", "tourism": "hotel"}))
    draft.line(LineString([(-5850, -4850), (-5700, -4600)]), named({"highway": "residential"}))
    return tuple(given)


_BASE = box(-5900, -4900, -5600, -4500)
"""Another such corner."""


def _closed_by_other_tags() -> Iterator[tuple[Polygon, Tags]]:
    """Areas that withhold what is inside them by a tag that draws nothing."""
    yield box(5460, 4310, 5520, 4370), {"place": "locality"}
    yield box(5460, 4410, 5520, 4470), {"access": "military", "barrier": "fence"}
    yield box(5460, 4510, 5520, 4570), {"abandoned:military": "airfield"}
    yield box(5460, 4610, 5520, 4670), {"aeroway": "aerodrome", "aerodrome:type": "military/public"}
    yield box(5460, 4710, 5520, 4770), {"building": "bunker"}


_ROAD = {"military": "yes"}
_PROVINCE = {"boundary": "administrative", "admin_level": "4"}
_NATION = {"boundary": "administrative", "admin_level": "2"}


def _objects() -> Iterator[tuple[Polygon, Tags]]:
    yield box(-5900, 4500, -5860, 4530), {"building": "barracks", "military": "barracks"}
    yield box(-5900, 4600, -5860, 4630), {"natural": "water", "disused:military": "range"}
    yield box(-5900, 4700, -5860, 4730), {"leisure": "park"} | _PROVINCE
