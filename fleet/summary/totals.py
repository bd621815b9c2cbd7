"""What is counted, and how counts of parts make the count of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of one organisation or of a whole subtree; maps hold what was met, by code."""

    units: int = 0
    drivers: int = 0
    terminals: int = 0
    vehicles: int = 0
    by_category: Mapping[str, int] = field(default_factory=dict)
    by_holding: Mapping[str, int] = field(default_factory=dict)
    by_energy: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Totals) -> Totals:
        """Return the counts of both together."""
        return Totals(
            units=self.units + other.units,
            drivers=self.drivers + other.drivers,
            terminals=self.terminals + other.terminals,
            vehicles=self.vehicles + other.vehicles,
            by_category=_added(self.by_category, other.by_category),
            by_holding=_added(self.by_holding, other.by_holding),
            by_energy=_added(self.by_energy, other.by_energy),
        )


def total(parts: Iterable[Totals]) -> Totals:
    """Return the counts of all parts together."""
    return sum(parts, Totals())


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {code: one.get(code, 0) + other.get(code, 0) for code in sorted({*one, *other})}
