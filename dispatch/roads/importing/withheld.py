"""What no output may show: one gate between the file that is read and everything made of it.

Military objects, boundaries of admin_level 4 (province) and above, what the operator's own list
names, and what lies inside military and listed areas. Roads, basemap and places are all made from
the extract that passed this gate.
"""

from __future__ import annotations

from dataclasses import replace

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from dispatch.roads.importing.access_rules import Tags
from dispatch.roads.importing.deny_list import NOTHING_DENIED, DenyList
from dispatch.roads.importing.extract import Extract

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


def pass_gate(extract: Extract, denied: DenyList = NOTHING_DENIED) -> Extract:
    """The extract without withheld objects and without what lies wholly inside withheld areas.

    A public road that only crosses a withheld area stays.
    """

    closed = shapely.union_all(
        [
            area.geometry
            for area in extract.areas
            if is_military(area.tags) or denied.denies(area.osm_id, area.tags)
        ]
    )
    shapely.prepare(closed)

    def shown(osm_id: str, tags: Tags, geometry: BaseGeometry) -> bool:
        withheld = is_withheld(tags) or denied.denies(osm_id, tags)
        return not withheld and not closed.covers(geometry)

    return replace(
        extract,
        lines=tuple(
            line for line in extract.lines if shown(f"w{line.way_id}", line.tags, line.geometry)
        ),
        areas=tuple(area for area in extract.areas if shown(area.osm_id, area.tags, area.geometry)),
        spots=tuple(
            spot
            for spot in extract.spots
            if shown(spot.osm_id, spot.tags, Point(spot.lon, spot.lat))
        ),
    )
