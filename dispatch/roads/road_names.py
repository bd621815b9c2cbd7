"""What the roads are called: names by the number of the OpenStreetMap way."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dispatch.roads.importing.extract import Line
from dispatch.roads.names import in_one_line
from dispatch.roads.network import Ints

ROAD_NAMES_FILE = "road_names.npz"
_NAMES = "names_json"


@dataclass(frozen=True, eq=False)
class RoadNames:
    """W named ways, ascending; `names[which[w]]` is what way w is called."""

    way_id: Ints
    which: Ints
    names: tuple[str, ...]

    @classmethod
    def of(cls, lines: Iterable[Line], ways: Ints) -> RoadNames:
        """The names of those lines that are among `ways`."""
        wanted = set(ways.tolist())
        named = {
            line.way_id: name
            for line in lines
            if line.way_id in wanted and (name := in_one_line(line.tags.get("name", "")))
        }
        number = {name: at for at, name in enumerate(sorted(set(named.values())))}
        way_id = np.array(sorted(named), dtype=np.int64)
        which = np.array([number[named[way]] for way in sorted(named)], dtype=np.int64)
        return cls(way_id, which, tuple(number))

    @classmethod
    def load(cls, folder: Path) -> RoadNames:
        """The names in a version's folder; none where it was imported before they were kept.

        Raises ValueError where ways and names don't fit together.
        """
        try:
            with np.load(folder / ROAD_NAMES_FILE, allow_pickle=False) as arrays:
                if _NAMES not in arrays:  # joined by line breaks, which a name may hold
                    return _NONE
                names = tuple(json.loads(arrays[_NAMES].tobytes()))
                read = cls(arrays["way_id"], arrays["which"], names)
        except FileNotFoundError:
            return _NONE
        named = set(read.which.tolist())
        if len(read.way_id) != len(read.which) or named != set(range(len(names))):
            raise ValueError(f"{len(names)} road names don't fit their ways")
        return read

    def save(self, folder: Path) -> None:
        """Write the names into a map version's folder."""
        names = np.frombuffer(json.dumps(self.names).encode(), dtype=np.uint8)
        np.savez_compressed(
            folder / ROAD_NAMES_FILE,
            allow_pickle=False,
            way_id=self.way_id,
            which=self.which,
            **{_NAMES: names},
        )

    def name_of(self, way_id: int) -> str | None:
        """What a way is called; None where it has no name."""
        at = int(np.searchsorted(self.way_id, way_id))
        if at == len(self.way_id) or self.way_id[at] != way_id:
            return None
        return self.names[int(self.which[at])]


_NONE = RoadNames(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), ())
