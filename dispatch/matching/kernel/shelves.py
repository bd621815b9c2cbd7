"""Shelves of a large batch: compiled code makes their lists from one order, west to east."""

from collections.abc import Sequence

import numpy as np

from dispatch.matching.columns import RENTAL, Fleet
from dispatch.matching.kernel.nearest import NONE, Asking, Blocks, Vehicles, blocks_of, nearest
from dispatch.matching.problem import Floats, Ints
from dispatch.matching.shelves import SHELVES, Fits, Shelves

_STEP_OF = np.array([step for step, _ in SHELVES], dtype=np.int64)
_IS_OWN = np.array([is_own for _, is_own in SHELVES], dtype=np.int64)


class CompiledShelves(Shelves):
    """The same shelves with the same lists.

    Blocks are numbered by unit, its vehicles apart from those that are rented, and behind all units
    by step of use; behind these stand all of them again as they set out for later rides.
    """

    def __init__(self, fleet: Fleet, starts_m: Floats, fits: Sequence[Fits]) -> None:
        super().__init__(fleet, starts_m, fits)
        self._units, vehicles = len(fleet.unit_numbers), len(fleet.choices)
        self._is_later = np.array([is_later for is_later, _, _ in fits], dtype=np.int64)
        self._blocks = self._laid_out(starts_m, vehicles)
        may = np.array([[others for *_, others in fits], [own for _, own, _ in fits]])
        self._vehicles = Vehicles(fleet.unit, may)

    def nearest(
        self, origins: Floats, units: Ints, groups: Ints, last_step: Ints, length: Ints
    ) -> tuple[Ints, Ints, Ints]:
        """Return request, vehicle and step of the nearest so many of each step, by request."""
        later = self._is_later[groups] * self._across
        blocks = np.empty((len(SHELVES), len(units)), dtype=np.int64)
        for shelf, (step, is_own) in enumerate(SHELVES):
            block = self._of_unit(units, step) if is_own else self._of_step(step)
            is_there = (last_step >= step) & ((units < self._units) | (not is_own))
            blocks[shelf] = np.where(is_there, later + block, NONE)
        asking = Asking(origins, units, groups, length, blocks, _IS_OWN)
        listed = nearest(asking, self._blocks, self._vehicles)
        return listed.requests, listed.vehicles, _STEP_OF[listed.shelves]

    @property
    def _across(self) -> int:
        return 2 * self._units + RENTAL + 1

    def _of_unit(self, units: Ints, step: int) -> Ints:
        return 2 * units + (step == RENTAL)

    def _of_step(self, step: int) -> int:
        return 2 * self._units + step

    def _laid_out(self, starts_m: Floats, vehicles: int) -> Blocks:
        """Lay each vehicle into the block of its unit and into that of its step."""
        step, unit = self.fleet.step, self.fleet.unit
        of_unit, of_step = 2 * unit + (step == RENTAL), 2 * self._units + step
        halves = len(starts_m) // vehicles
        later = np.repeat(np.arange(halves) * self._across, vehicles)
        numbers = [np.tile(of_unit, halves) + later, np.tile(of_step, halves) + later]
        places = np.tile(np.arange(vehicles, dtype=np.int64), halves)
        return blocks_of(numbers, places, starts_m, self._across * halves)
