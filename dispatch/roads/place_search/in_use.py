"""The places of the map in use, followed while it changes."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

from dispatch.roads.place_search.catalogue import Catalogue
from dispatch.roads.road_names import RoadNames
from dispatch.roads.versions import current_name, newest_first

log = logging.getLogger(__name__)

_BROKEN = (OSError, ValueError, KeyError, TypeError, EOFError)


@dataclass(frozen=True, slots=True)
class NamedThings:
    """What has a name on one map version."""

    version: str
    places: Catalogue
    roads: RoadNames


class PlacesInUse:
    """Opened when first asked for; a version that can't be read is logged, the one before stays."""

    def __init__(self, maps_dir: Path) -> None:
        self._maps_dir = maps_dir
        self._tried: str | None = None
        self._things: NamedThings | None = None
        self._opening = threading.Lock()

    def things(self) -> NamedThings | None:
        """What has a name on the map in use; None without a map. Call from a thread."""
        name = current_name(self._maps_dir)
        if name is not None and name != self._tried:
            with self._opening:
                if name != self._tried:
                    self._open(name)
        return self._things

    def _open(self, name: str) -> None:
        read = _read(self._maps_dir / name)
        if read is None and self._things is None:
            earlier = (_read(folder) for folder in newest_first(self._maps_dir))
            read = next((found for found in earlier if found is not None), None)
        self._things = read or self._things
        self._tried = name


def _read(folder: Path) -> NamedThings | None:
    try:
        return NamedThings(folder.name, Catalogue.load(folder), RoadNames.load(folder))
    except _BROKEN as problem:
        extra = {"map": folder.name, "error": str(problem)}
        log.warning("a map's places can't be read", extra=extra)
        return None
