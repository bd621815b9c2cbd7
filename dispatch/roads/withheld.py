"""What no output may show: one gate between the file that is read and everything made of it.

Military objects and what lies inside military areas, and boundaries of admin_level 4 (province)
and above. Roads, basemap and places are all made from the extract that passed this gate.
"""

from __future__ import annotations

from dataclasses import replace

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from dispatch.roads.car_rules import Tags
from dispatch.roads.extract import Extract

PROVINCE_LEVEL = 4
"""admin_level of a province in China (wiki.openstreetmap.org, Tag:boundary=administrative)."""


def is_military(tags: Tags) -> bool:
    """Whether an object is military by any key (`disused:military` too) or value."""
    return any(
        key.rpartition(":")[2] == "military" or value == "military" for key, value in tags.items()
    )


def is_high_boundary(tags: Tags) -> bool:
    """Whether an object is a boundary of a province or a nation."""
    level = tags.get("admin_level", "")
    return "boundary" in tags and level.isdecimal() and int(level) <= PROVINCE_LEVEL


def is_withheld(tags: Tags) -> bool:
    """Whether an object must not appear in any output."""
    return is_military(tags) or is_high_boundary(tags)


def pass_gate(extract: Extract) -> Extract:
    """The extract without withheld objects and without what lies wholly inside military areas.

    A public road that only crosses a military area stays.
    """
    military = shapely.union_all(
        [area.geometry for area in extract.areas if is_military(area.tags)]
    )
    shapely.prepare(military)

    def shown(tags: Tags, geometry: BaseGeometry) -> bool:
        return not is_withheld(tags) and not military.covers(geometry)

    return replace(
        extract,
        lines=tuple(line for line in extract.lines if shown(line.tags, line.geometry)),
        areas=tuple(area for area in extract.areas if shown(area.tags, area.geometry)),
        spots=tuple(spot for spot in extract.spots if shown(spot.tags, Point(spot.lon, spot.lat))),
    )
