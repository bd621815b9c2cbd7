"""What no output may show: one gate between the file that is read and everything made of it.

Military objects and what lies inside military areas, and boundaries of admin_level 4 (province)
and above. Roads, basemap and places are all made from the extract that passed this gate.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import compress

import numpy as np
import numpy.typing as npt
import shapely

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

    def shown(tags: list[Tags], geometries: npt.NDArray[np.object_]) -> list[bool]:
        hidden = shapely.covered_by(geometries, military)
        return [
            not inside and not is_withheld(own) for own, inside in zip(tags, hidden, strict=True)
        ]

    lines = shown(
        [line.tags for line in extract.lines],
        np.array([line.geometry for line in extract.lines], dtype=object),
    )
    areas = shown(
        [area.tags for area in extract.areas],
        np.array([area.geometry for area in extract.areas], dtype=object),
    )
    spots = shown(
        [spot.tags for spot in extract.spots],
        shapely.points([(spot.lon, spot.lat) for spot in extract.spots]),
    )
    return replace(
        extract,
        lines=tuple(compress(extract.lines, lines)),
        areas=tuple(compress(extract.areas, areas)),
        spots=tuple(compress(extract.spots, spots)),
    )
