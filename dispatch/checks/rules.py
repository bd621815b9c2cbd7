"""What a departure check says, and whether the vehicle may leave after it.

Before driving off, a driver looks over what the vehicle's safety depends on, and drives no vehicle
with a hidden danger (道路交通安全法 art 21); licence and signs are carried along (art 11).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.checks.errors import (
    CheckIncomplete,
    CheckNoteNeeded,
    DepartureCheckFailed,
    DepartureCheckNeeded,
    VehicleDefective,
)
from dispatch.checks.words import CHECK_LABEL, CheckItem
from fleet.rules.dispatching import DepartureCheckRule

# What is dirty is washed before departure; only what makes driving unsafe or unlawful is a defect.
NO_DEFECT = frozenset({CheckItem.CLEANLINESS})


@dataclass(frozen=True, slots=True)
class Found:
    """What a driver found: all items of the list, passed or not, and what is wrong."""

    passed: Mapping[CheckItem, bool]
    note: str | None

    @property
    def failed(self) -> tuple[CheckItem, ...]:
        """The items that did not pass, in the order of the list."""
        return tuple(one for one in CheckItem if not self.passed[one])

    @property
    def is_defect(self) -> bool:
        """Whether the vehicle may not be driven by anybody until it is mended."""
        return any(one not in NO_DEFECT for one in self.failed)

    def sentence(self) -> str:
        """Return what is wrong as people read it, for the outage that follows."""
        return (
            f"出车检查不合格（{'、'.join(CHECK_LABEL[one] for one in self.failed)}）：{self.note}"
        )


def read_found(items: list[tuple[CheckItem, bool]], note: str | None) -> Found:
    """Return what a driver found. Raises CheckIncomplete, CheckNoteNeeded."""
    passed = dict(items)
    missing = [str(one) for one in CheckItem if one not in passed]
    if missing or len(passed) != len(items):
        raise CheckIncomplete(missing=missing)
    found = Found(passed, note)
    if found.failed and not note:
        raise CheckNoteNeeded(failed=[str(one) for one in found.failed])
    return found


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of a vehicle that is to depart.

    passed: of the order's last check, None without one; failed: the items of it that did not pass
    has_defect: whether an outage of kind defect holds
    """

    passed: bool | None
    failed: tuple[str, ...]
    has_defect: bool


def check_departure(checked: Checked, rule: DepartureCheckRule) -> None:
    """Raise DepartureCheckFailed, VehicleDefective or DepartureCheckNeeded, in this order."""
    if checked.passed is False:
        raise DepartureCheckFailed(failed=list(checked.failed))
    if checked.has_defect:
        raise VehicleDefective
    if checked.passed is None and rule is DepartureCheckRule.REQUIRED:
        raise DepartureCheckNeeded
