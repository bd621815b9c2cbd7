"""What one OpenStreetMap file holds for us, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from dispatch.roads.importing.access_rules import Tags
from dispatch.roads.importing.restrictions import TurnRestriction
from dispatch.roads.plane import Floats


@dataclass(frozen=True, slots=True)
class Bounds:
    """The extent of a map in degrees (WGS-84)."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True)
class Line:
    """A way whose nodes all lie in the extract; `node_ids`, `lats` and `lons` run in parallel."""

    way_id: int
    tags: Tags
    node_ids: tuple[int, ...]
    lats: Floats
    lons: Floats

    @cached_property
    def geometry(self) -> LineString:
        return LineString(np.column_stack([self.lons, self.lats]))


@dataclass(frozen=True, slots=True)
class Area:
    """A closed way or a multipolygon; `osm_id` is "w" or "r" and the number of its source."""

    osm_id: str
    tags: Tags
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Spot:
    """A tagged node; `osm_id` is "n" and its number."""

    osm_id: str
    tags: Tags
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Extract:
    """The lines, areas and spots of a file that carry any tag we use, and what binds drivers."""

    bounds: Bounds
    lines: tuple[Line, ...]
    areas: tuple[Area, ...]
    spots: tuple[Spot, ...]
    barriers: frozenset[int] = frozenset()
    """Nodes that cars don't pass."""
    restrictions: tuple[TurnRestriction, ...] = ()
    conditional_restrictions: int = 0
    """How many turn restrictions hold at some hours only: they are not kept."""
    unclear_restrictions: int = 0
    """How many turn restrictions can't be made out: they are not kept."""
    unclosed_grounds: int = 0
    """How many withheld areas have no whole outline: the hull of what is known is in `areas`."""
    matched_entries: frozenset[str] = frozenset()
    """The entries of the operator's list that anything in the file answers to."""
