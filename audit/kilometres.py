"""Explained kilometres as sums: vehicles make up units, units make up the whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Kilometres:
    """Metres by what explains them."""

    ordered_m: int = 0
    service_m: int = 0
    filed_m: int = 0
    unexplained_m: int = 0

    @property
    def driven_m(self) -> int:
        """All that was driven: the sum of the four."""
        return self.ordered_m + self.service_m + self.filed_m + self.unexplained_m

    def __add__(self, other: "Kilometres") -> "Kilometres":
        return Kilometres(
            self.ordered_m + other.ordered_m,
            self.service_m + other.service_m,
            self.filed_m + other.filed_m,
            self.unexplained_m + other.unexplained_m,
        )


@dataclass(frozen=True, slots=True)
class VehicleSum:
    """What a vehicle drove for a unit in a period."""

    organisation_no: int
    vehicle_no: int
    kilometres: Kilometres


@dataclass(frozen=True, slots=True)
class UnitSum:
    """What a unit's vehicles drove in a period."""

    organisation_no: int
    vehicles: tuple[VehicleSum, ...]

    @property
    def kilometres(self) -> Kilometres:
        """The sum of the unit's vehicles."""
        return total(v.kilometres for v in self.vehicles)


def by_unit(sums: Sequence[VehicleSum]) -> list[UnitSum]:
    """Return the sums by unit, in the given order; a unit's vehicles stand together in `sums`."""
    groups = groupby(sums, key=lambda s: s.organisation_no)
    return [UnitSum(organisation_no, tuple(group)) for organisation_no, group in groups]


def total(parts: Iterable[Kilometres]) -> Kilometres:
    """Return the sum of the parts."""
    return sum(parts, Kilometres())
