"""The places of a map version: found by name, best first, or by where they lie."""

from __future__ import annotations

import json
import math
import mmap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from dispatch.roads.network import LatLon
from dispatch.roads.place_search.index import NameIndex
from dispatch.roads.places import PLACES_FILE, ROAD, SETTLEMENTS, Place
from dispatch.roads.plane import EARTH_RADIUS_M, Floats, distance_m

WHERE_FILE = "place_where.npy"
_WHERE = np.dtype([("lat", "<f8"), ("lon", "<f8"), ("line", "<i8"), ("rank", "u1"), ("kind", "u1")])
_LANDMARK, _SETTLEMENT, _STREET = range(3)

_RANK = {
    **{kind: at for at, kind in enumerate(("city", "borough", "town", "suburb"))},
    **dict.fromkeys(("station", "aerodrome", "government", "hospital", "university"), 4),
    **dict.fromkeys(("quarter", "neighbourhood", "village", "hamlet"), 5),
    ROAD: 6,
}
_OTHERS, _UNNAMED_USE = 7, 8
"""Where two names meet a query as well, and nobody says from where: what more people look for."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A place, how well its name meets the query, and how far it is from where one asks."""

    place: Place
    match: int
    distance_m: float | None


@dataclass(frozen=True, eq=False)
class Catalogue:
    """N places; opened from a version's folder, or made of places that are at hand."""

    where: npt.NDArray[np.void]
    names: NameIndex
    lines: mmap.mmap | bytes
    """The places as JSON, one a line."""

    @classmethod
    def load(cls, folder: Path) -> Catalogue:
        """The places in a version's folder; their index is made anew where it has none."""
        with (folder / PLACES_FILE).open("rb") as file:
            empty = file.seek(0, 2) == 0
            lines = b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            where = np.load(folder / WHERE_FILE, mmap_mode="r", allow_pickle=False)
            return cls(where, NameIndex.load(folder), lines)
        except FileNotFoundError:  # imported before places were searched for
            found = [Place(**json.loads(line)) for line in bytes(lines).splitlines()]
            return cls(*_indexed(found), lines)

    def place(self, number: int) -> Place:
        """The place of this number."""
        start = int(self.where["line"][number])
        return Place(**json.loads(self.lines[start : self.lines.find(b"\n", start)]))

    def find(self, query: str, near: LatLon | None, limit: int) -> tuple[list[Hit], int]:
        """At most `limit` places by name, best first, and how many there are.

        Equally good ones by nearness to `near`, or by what they are where that is unknown.
        """
        match = self.names.find(query, len(self.where))
        found = np.flatnonzero(match < 255)
        lat, lon = self.where["lat"][found], self.where["lon"][found]
        away = None if near is None else distance_m(lat, lon, np.array(near[0]), np.array(near[1]))
        keys = self.where["rank"][found] if away is None else away
        best = found[np.lexsort((found, keys, match[found]))[:limit]]
        distances = (
            dict(zip(found.tolist(), away.tolist(), strict=True)) if away is not None else {}
        )
        return (
            [Hit(self.place(n), int(match[n]), distances.get(n)) for n in best.tolist()],
            len(found),
        )

    def nearest(self, point: LatLon, within_m: float) -> tuple[Place, float] | None:
        """The nearest place that is neither a street nor a settlement, and its distance."""
        return self._nearest(_LANDMARK, point, within_m)

    def settlement(self, point: LatLon, within_m: float) -> str | None:
        """What the nearest settlement, quarter or suburb is called."""
        found = self._nearest(_SETTLEMENT, point, within_m)
        return None if found is None else found[0].name

    def _nearest(self, kind: int, point: LatLon, within_m: float) -> tuple[Place, float] | None:
        numbers, tree = self._trees[kind]
        if len(numbers) == 0:
            return None
        chord = 2 * math.sin(within_m / EARTH_RADIUS_M / 2)
        here = _on_sphere(np.array([point[0]]), np.array([point[1]]))
        found, at = tree.query(here[0], distance_upper_bound=chord)
        if not np.isfinite(found):
            return None
        metres = 2 * EARTH_RADIUS_M * math.asin(min(1.0, float(found) / 2))
        return self.place(int(numbers[at])), metres

    @cached_property
    def _trees(self) -> Sequence[tuple[npt.NDArray[np.int64], cKDTree]]:
        kinds = [np.flatnonzero(self.where["kind"] == kind) for kind in (_LANDMARK, _SETTLEMENT)]
        points = [_on_sphere(self.where["lat"][one], self.where["lon"][one]) for one in kinds]
        return [(one, cKDTree(at)) for one, at in zip(kinds, points, strict=True)]


def _on_sphere(lats: Floats, lons: Floats) -> Floats:
    """Points of the unit sphere: chords are as near as the ways along the ground."""
    phi, lam = np.radians(lats), np.radians(lons)
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


def save_catalogue(places: Sequence[Place], folder: Path) -> None:
    """Write the index of places into the folder in which they have been saved."""
    where, names = _indexed(places)
    np.save(folder / WHERE_FILE, where, allow_pickle=False)
    names.save(folder)


def _indexed(places: Sequence[Place]) -> tuple[npt.NDArray[np.void], NameIndex]:
    where = np.zeros(len(places), dtype=_WHERE)
    where["lat"] = [place.lat for place in places]
    where["lon"] = [place.lon for place in places]
    where["line"] = _line_starts(places)
    where["rank"] = [_rank(place.category) for place in places]
    where["kind"] = [_kind(place.category) for place in places]
    return where, NameIndex.build([place.name for place in places])


def _line_starts(places: Iterable[Place]) -> list[int]:
    starts, start = [], 0
    for place in places:
        starts.append(start)
        start += len(place.as_line().encode())
    return starts


def _rank(category: str) -> int:
    return _UNNAMED_USE if category == "building" else _RANK.get(category, _OTHERS)


def _kind(category: str) -> int:
    if category == ROAD:
        return _STREET
    return _SETTLEMENT if category in SETTLEMENTS else _LANDMARK
