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

SHELVES = ((OWN_UNIT, True), (POOL, False), (CROSS_UNIT, False), (RENTAL, True), (RENTAL, False))
"""Step of use, and whether it holds the vehicles of the request's own unit or all others."""


class Shelves:
    """Where vehicles stand that may serve; shelves are made when they are first looked at.

    most: (G,) how many vehicles may serve a group at most
    """

    def __init__(self, fleet: Fleet, starts_m: Floats, fits: Sequence[Fits]) -> None:
        """starts_m: (V, 2), below it (V, 2) for later rides where there are any."""
        self.fleet, self._starts_m, self._fits = fleet, starts_m, fits
        self.most = np.array([max(map(np.count_nonzero, may)) for _, *may in fits], dtype=np.int64)
        self._made: dict[tuple[int, bool], Places] = {}

    def nearest(
        self, origins: Floats, units: Ints, groups: Ints, last_step: Ints, length: Ints
    ) -> tuple[Ints, Ints, Ints]:
        """Return request, vehicle and step of the nearest so many of each step, by request.

        origins: (O, 2) metres; units, groups: (O,) of the requests
        last_step, length: (O,) up to which step of use, and how many of each
        """
        parts = []
        for step, is_own in SHELVES:
            for count in np.unique(length[last_step >= step]).tolist():
                rows = np.flatnonzero((last_step >= step) & (length == count))
                layers = self._layers(groups[rows], units[rows] if is_own else None)
                columns = self._shelf(step, is_own=is_own).nearest(origins[rows], layers, count)
                listed = columns != NOBODY
                if not is_own:
                    listed &= self.fleet.unit[columns] != units[rows][:, None]
                at, place = np.nonzero(listed)
                parts.append((rows[at], columns[at, place], np.full(len(at), step)))
        at, to, steps = (np.concatenate(part) for part in zip(*parts, strict=True))
        by_request = np.argsort(at, kind="stable")
        return at[by_request], to[by_request], steps[by_request]

    def offered(
        self, columns: Ints, origins: Floats, units: Ints, groups: Ints, rows: Bools, count: int
    ) -> tuple[Ints, Ints, Ints]:
        """Return request, vehicle and step of the so many nearest requests of each vehicle.

        By request; so many of each group, of the vehicle's own unit and of others.
        columns: the vehicles; rows: (R,) which of the requests come into question
        origins: (R, 2) metres; units, groups: (R,) of all requests
        """
        fleet, total = self.fleet, len(self.fleet.choices)
        asking = np.flatnonzero(rows)
        parts = []
        for is_own in (True, False):
            of_units = units[asking] if is_own else None
            places = Places(origins[asking], self._layers(groups[asking], of_units), asking)
            for group in np.unique(groups[asking]).tolist():
                is_later, own, others = self._fits[group]
                starts_m = self._starts_m[-total:] if is_later else self._starts_m[:total]
                may = (own if is_own else others)[columns] & np.isfinite(starts_m[columns, 0])
                to = columns[may]
                layers = self._layers(np.full(len(to), group), fleet.unit[to] if is_own else None)
                found = places.nearest(starts_m[to], layers, count)
                listed = found != NOBODY
                if not is_own:
                    listed &= units[found] != fleet.unit[to][:, None]
                place, nearest = np.nonzero(listed)
                step = fleet.step[to[place]]
                steps = np.where(step != RENTAL, OWN_UNIT, step) if is_own else step
                parts.append((found[place, nearest], to[place], steps))
        at, to, steps = (np.concatenate(part) for part in zip(*parts, strict=True))
        by_request = np.argsort(at, kind="stable")
        return at[by_request], to[by_request], steps[by_request]

    def _shelf(self, step: int, *, is_own: bool) -> Places:
        if (step, is_own) not in self._made:
            self._made[step, is_own] = self._put_out(step, is_own=is_own)
        return self._made[step, is_own]

    def _put_out(self, step: int, *, is_own: bool) -> Places:
        fleet, count = self.fleet, len(self.fleet.choices)
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
        layers: Ints = groups * (len(self.fleet.unit_numbers) + 1) + units
        return layers
