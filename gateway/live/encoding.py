"""Updates are made once for all who see the same, by their units and their view, and sent to each.

A text is the JSON of some vehicles, joined by commas. What is outside a client's scope is in none
of its texts, so it can't leak by a later mistake.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tracking.cells import COARSE_RESOLUTION, cell_of, parent_of

Units = frozenset[int]
Cells = frozenset[int] | None
"""The coarse cells of a view; None: all."""


@dataclass(frozen=True, slots=True)
class LiveEntry:
    """A vehicle as last sent: its id, its unit, its coarse cell, its JSON."""

    id: str
    unit_no: int
    cell: int
    json: str

    def stands_where(self, other: "LiveEntry | None") -> bool:
        """Return whether everybody who sees this entry sees the other."""
        return other is not None and (self.unit_no, self.cell) == (other.unit_no, other.cell)

    def is_seen(self, units: Units, cells: Cells) -> bool:
        """Return whether it is in this scope and in this view."""
        return self.unit_no in units and (cells is None or self.cell in cells)


@dataclass(frozen=True, slots=True)
class Left:
    """An entry of which not everybody who saw it sees what came after it; None: it is gone."""

    before: LiveEntry
    after: LiveEntry | None

    @property
    def is_of_another_unit(self) -> bool:
        """Whether the vehicle is gone, or another unit's now."""
        return self.after is None or self.after.unit_no != self.before.unit_no

    def is_missed(self, units: Units, cells: Cells) -> bool:
        """Return whether it was in this scope and view, and what came after it isn't."""
        was_seen = self.before.is_seen(units, cells)
        return was_seen and not (self.after is not None and self.after.is_seen(units, cells))


def coarse_cell(latitude: float, longitude: float) -> int:
    """Return the cell by which views subscribe (about 10 km across)."""
    return parent_of(cell_of(latitude, longitude), COARSE_RESOLUTION)


class Told(NamedTuple):
    """What a tick brings to somebody: vehicles as JSON, and the ids, quoted, of those that left."""

    vehicles: str
    gone: str


class Tick:
    """What changed in one tick; what each scope and view is told of it is made once."""

    def __init__(self, changed: Iterable[LiveEntry], left: Iterable[Left] = ()) -> None:
        self._changed: defaultdict[int, defaultdict[int, list[str]]]
        self._changed = defaultdict(lambda: defaultdict(list))
        for entry in changed:
            self._changed[entry.unit_no][entry.cell].append(entry.json)
        self._left = list(left)
        # Who sees every cell misses no vehicle that only drove on.
        self._left_unit = [one for one in self._left if one.is_of_another_unit]
        self._told: dict[tuple[Units, Cells], Told] = {}

    def told(self, units: Units, cells: Cells) -> Told:
        """Return what is told to those who see these units in these cells."""
        told = self._told.get((units, cells))
        if told is None:
            told = Told(",".join(self._vehicles(units, cells)), self._gone(units, cells))
            self._told[units, cells] = told
        return told

    def _vehicles(self, units: Units, cells: Cells) -> list[str]:
        found: list[str] = []
        for unit_no in self._changed.keys() & units:
            by_cell = self._changed[unit_no]
            for cell in by_cell if cells is None else by_cell.keys() & cells:
                found += by_cell[cell]
        return found

    def _gone(self, units: Units, cells: Cells) -> str:
        left = self._left_unit if cells is None else self._left
        return ",".join(f'"{one.before.id}"' for one in left if one.is_missed(units, cells))
