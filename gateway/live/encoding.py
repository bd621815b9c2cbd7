"""Updates are encoded once per (cell, set of scopes) and sent to all who subscribe to them.

A fragment is the JSON of some vehicles, joined by commas. What is outside a client's scope is in
none of its fragments, so it can't leak by a later mistake.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tracking.cells import COARSE_RESOLUTION, cell_of, parent_of

Units = frozenset[int]


@dataclass(frozen=True, slots=True)
class LiveEntry:
    """A vehicle as last sent: its id, its unit, its coarse cell, its JSON."""

    id: str
    unit_no: int
    cell: int
    json: bytes

    def stands_where(self, other: "LiveEntry | None") -> bool:
        """Return whether everybody who sees this entry sees the other."""
        return other is not None and (self.unit_no, self.cell) == (other.unit_no, other.cell)


def coarse_cell(latitude: float, longitude: float) -> int:
    """Return the cell by which views subscribe (about 10 km across)."""
    return parent_of(cell_of(latitude, longitude), COARSE_RESOLUTION)


class Tick:
    """What changed in one tick, grouped by cell and unit; encodes each group once."""

    def __init__(self, entries: Iterable[LiveEntry]) -> None:
        self._by_cell: defaultdict[int, list[LiveEntry]] = defaultdict(list)
        for entry in entries:
            self._by_cell[entry.cell].append(entry)
        self._fragments: dict[tuple[int, Units], bytes] = {}

    def vehicles(self, units: Units, cells: frozenset[int] | None) -> bytes:
        """Return the JSON of the changed vehicles of these units in these cells (None: all)."""
        wanted = self._by_cell if cells is None else self._by_cell.keys() & cells
        return b",".join(filter(None, (self._fragment(cell, units) for cell in wanted)))

    def _fragment(self, cell: int, units: Units) -> bytes:
        key = (cell, units)
        fragment = self._fragments.get(key)
        if fragment is None:
            entries = self._by_cell[cell]
            fragment = b",".join(entry.json for entry in entries if entry.unit_no in units)
            self._fragments[key] = fragment
        return fragment
