"""Vehicles laid out by step of use, for all requests of a batch at once.

A shelf is one tree over places: a layer for each group of requests that the same vehicles may
serve, and where a unit's own vehicles are meant, for each of its units too.
"""

from collections.abc import Sequence

import numpy as np

from dispatch.matching.columns import CROSS_UNIT, OWN_UNIT, POOL, RENTAL, Fleet
from dispatch.matching.nearest import NOBODY, Places
from dispatch.matching.problem import Bools, Floats, Ints

Fits = tuple[bool, Bools, Bools]
"""From where vehicles set out, at once or later; and which may serve: their own unit's, others'."""

_SHELVES = ((OWN_UNIT, True), (POOL, False), (CROSS_UNIT, False), (RENTAL, True), (RENTAL, False))
"""Step of use, and whether it holds the vehicles of the request's own unit or all others."""


class Shelves:
    """Where vehicles stand that may serve; shelves are made when they are first looked at.

    most: (G,) how many vehicles may serve a group at most
    """

    def __init__(self, fleet: Fleet, starts_m: Floats, fits: Sequence[Fits]) -> None:
        """starts_m: (V, 2), below it (V, 2) for later rides where there are any."""
        self._fleet, self._starts_m, self._fits = fleet, starts_m, fits
        self.most = np.array(
            [max(int(own.sum()), int(others.sum())) for _, own, others in fits], dtype=np.int64
        )
        self._made: dict[tuple[int, bool], Places] = {}

    def nearest(
        self, origins: Floats, units: Ints, groups: Ints, last_step: Ints, length: Ints
    ) -> tuple[Ints, Ints, Ints]:
        """Return request, vehicle and step of the nearest so many of each step, by request.

        origins: (O, 2) metres; units, groups: (O,) of the requests
        last_step, length: (O,) up to which step of use, and how many of each
        """
        parts = []
        for step, is_own in _SHELVES:
            for count in np.unique(length[last_step >= step]).tolist():
                rows = np.flatnonzero((last_step >= step) & (length == count))
                layers = self._layers(groups[rows], units[rows] if is_own else None)
                columns = self._shelf(step, is_own=is_own).nearest(origins[rows], layers, count)
                listed = columns != NOBODY
                if not is_own:
                    listed &= self._fleet.unit[columns] != units[rows][:, None]
                at, place = np.nonzero(listed)
                parts.append((rows[at], columns[at, place], np.full(len(at), step)))
        at, to, steps = (np.concatenate(part) for part in zip(*parts, strict=True))
        by_request = np.argsort(at, kind="stable")
        return at[by_request], to[by_request], steps[by_request]

    def _shelf(self, step: int, *, is_own: bool) -> Places:
        if (step, is_own) not in self._made:
            self._made[step, is_own] = self._put_out(step, is_own=is_own)
        return self._made[step, is_own]

    def _put_out(self, step: int, *, is_own: bool) -> Places:
        fleet, count = self._fleet, len(self._fleet.choices)
        of_step = fleet.step != RENTAL if step == OWN_UNIT else fleet.step == step
        points, layers, numbers = [], [], []
        for group, (is_later, own, others) in enumerate(self._fits):
            starts_m = self._starts_m[-count:] if is_later else self._starts_m[:count]
            known = np.isfinite(starts_m[:, 0])
            columns = np.flatnonzero((own if is_own else others) & of_step & known)
            points.append(starts_m[columns])
            numbers.append(columns)
            layers.append(
                self._layers(np.full(len(columns), group), fleet.unit[columns] if is_own else None)
            )
        return Places(np.concatenate(points), np.concatenate(layers), np.concatenate(numbers))

    def _layers(self, groups: Ints, units: Ints | None) -> Ints:
        """Small numbers for group, and unit where it matters."""
        if units is None:
            return groups
        layers: Ints = groups * (len(self._fleet.unit_numbers) + 1) + units
        return layers
