"""Which vehicles are weighed for which requests: the nearest of each step of use that may serve.

A graph of the nearest drops pairs, and a request may find all its vehicles taken. Then its list is
made twice as long, and the lists of those who hold what it could have, until everybody is served or
longer lists serve nobody more.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from dispatch.eligibility.need import At, Need
from dispatch.matching.columns import CROSS_UNIT, OWN_UNIT, POOL, RENTAL, FleetColumns
from dispatch.matching.nearest import NOBODY, nearest
from dispatch.matching.pair_table import PairTable, no_pairs
from dispatch.matching.pair_times import pair_times
from dispatch.matching.problem import Bools, Floats, Ints
from dispatch.matching.ranking import TravelMatrix
from dispatch.matching.weights import Weights
from dispatch.roads.plane import LocalPlane


class Candidates:
    """The pairs weighed for a batch.

    table: the pairs; weighed: how many have been, repeats too
    is_whole: (R,) requests whose list can't be longer
    """

    def __init__(
        self,
        needs: Sequence[Need],
        fleet: FleetColumns,
        at: At,
        travel_times: TravelMatrix,
        weights: Weights,
    ) -> None:
        self.table, self.weighed = no_pairs(), 0
        self._needs, self._fleet, self._at = needs, fleet, at
        self._travel_times, self._weights = travel_times, weights
        self._origins = np.array([need.origin for need in needs], dtype=np.float64)
        self._plane = LocalPlane(*self._origins.mean(axis=0).tolist())
        self._origins_m = _metres(self._origins, self._plane)
        strange = len(fleet.unit_numbers)
        self._unit = np.array(
            [fleet.unit_numbers.get(need.unit_no, strange) for need in needs], dtype=np.int64
        )
        self._starts: dict[bool, tuple[Floats, Floats]] = {}
        self._groups = self._alike()
        self._group_of = np.zeros(len(needs), dtype=np.int64)
        for number, group in enumerate(self._groups):
            self._group_of[group] = number
        self._length = np.zeros(len(needs), dtype=np.int64)
        self.is_whole = np.zeros(len(needs), dtype=np.bool_)
        self._dropped = np.zeros(0, dtype=np.int64)

    @property
    def is_full(self) -> bool:
        """Whether no more pairs may be weighed."""
        return self.weighed >= self._weights.most_pairs

    def begin(self, rows: Bools) -> None:
        """Make the first lists of these requests, unless they have been made."""
        self.grow(rows & (self._length == 0))

    def grow(self, rows: Bools) -> bool:
        """Lengthen the lists of these requests; return whether any of them could be."""
        growing = rows & ~self.is_whole
        if not growing.any() or self.is_full:
            return False
        self._length[growing] = np.maximum(2 * self._length[growing], self._weights.nearest)
        self.table = self.table.only(~growing[self.table.rows])
        for group in self._groups:
            if (of_group := group[growing[group]]).size:
                self.table = self.table.with_others(self._looked_up(of_group))
        return True

    def could_help(self, rows: Bools, found: Ints, idle: Bools) -> bool:
        """Whether the longest lists could lead from these requests to an idle vehicle at all.

        Either one of them may have it, or somebody whose vehicle they may have, and so on. All that
        may serve count, however far; requests that the same vehicles may serve go together.
        """
        reached = np.zeros(len(self._groups), dtype=np.bool_)
        while True:
            wider = reached.copy()
            wider[self._group_of[rows]] = True
            if (wider == reached).all():
                return False
            reached = wider
            wanted = np.zeros(len(self._fleet), dtype=np.bool_)
            for number in np.flatnonzero(reached).tolist():
                need = self._needs[int(self._groups[number][0])]
                for as_own in (True, False):
                    wanted |= self._fleet.screen.fits(need, as_own=as_own)
            if (wanted & idle).any():
                return True
            rows = (found >= 0) & wanted[found]

    def ways(self, columns: Ints) -> PairTable:
        """Return the way of one vehicle for each request, at most a week long."""
        rows = np.arange(len(self._needs), dtype=np.int64)
        steps, arrival_s, empty_m = np.zeros_like(rows), np.zeros(len(rows)), np.zeros(len(rows))
        for row, column in enumerate(columns.tolist()):
            need = self._needs[row]
            steps[row] = self._fleet.steps(need)[column]
            starts = self._starts_for(need)[0]
            of = np.array([column]), np.array([row])
            arrival_s[row], empty_m[row] = (
                figure[0] for figure in pair_times(starts, self._origins, *of, self._travel_times)
            )
        longest_s, longest_m = 604_800, 40_000_000
        return PairTable(
            rows, columns, steps, arrival_s.clip(max=longest_s), empty_m.clip(max=longest_m)
        )

    def drop(self, rows: Ints, columns: Ints) -> None:
        """Forget pairs for good."""
        self._dropped = np.union1d(self._dropped, self._keys(rows, columns))
        self.table = self._without_dropped(self.table)

    def _keys(self, rows: Ints, columns: Ints) -> Ints:
        return rows * len(self._fleet) + columns

    def _without_dropped(self, table: PairTable) -> PairTable:
        if self._dropped.size == 0:
            return table
        return table.only(~np.isin(self._keys(table.rows, table.columns), self._dropped))

    def _alike(self) -> list[Ints]:
        """Requests that the same vehicles may serve, as far as is screened."""
        groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for row, need in enumerate(self._needs):
            groups[self._fleet.screen.key(need)].append(row)
        return [np.array(group, dtype=np.int64) for group in groups.values()]

    def _looked_up(self, rows: Ints) -> PairTable:
        """The pairs of requests of one group, each with the list that is due to it."""
        need = self._needs[int(rows[0])]
        starts, starts_m = self._starts_for(need)
        ready = self._fleet.driven & np.isfinite(starts_m[:, 0])
        own, others = (
            np.flatnonzero(self._fleet.screen.fits(need, as_own=as_own) & ready)
            for as_own in (True, False)
        )
        tables = []
        for length in np.unique(self._length[rows]).tolist():
            of_length = rows[self._length[rows] == length]
            self.is_whole[of_length] = length >= max(len(own), len(others))
            tables.append(self._listed(of_length, own, others, starts_m, length))
        at, to, steps = (np.concatenate(part) for part in zip(*tables, strict=True))
        arrival_s, empty_m = pair_times(starts, self._origins, to, at, self._travel_times)
        self.weighed += len(at)
        found = PairTable(at, to, steps, arrival_s, empty_m)
        return self._without_dropped(found.only(arrival_s <= self._weights.longest_arrival_s))

    def _listed(
        self, rows: Ints, own: Ints, others: Ints, starts_m: Floats, length: int
    ) -> tuple[Ints, Ints, Ints]:
        """Request, vehicle and step of the nearest so many of each step of use.

        own, others: who may serve the unit's own requests, and those of other units
        """
        fleet, origins_m, unit = self._fleet, self._origins_m[rows], self._unit[rows]
        found, steps = [], []
        for step in (OWN_UNIT, RENTAL):
            of = own[(fleet.step[own] == RENTAL) == (step == RENTAL)]
            found.append(nearest(origins_m, unit, starts_m[of], fleet.unit[of], length, of=of))
            steps.append(step)
        for step in (POOL, CROSS_UNIT, RENTAL):
            layers, layer_of = np.full(len(rows), step), fleet.step[others]
            numbers = nearest(origins_m, layers, starts_m[others], layer_of, length, of=others)
            is_own = (numbers != NOBODY) & (fleet.unit[numbers] == unit[:, None])
            found.append(np.where(is_own, NOBODY, numbers))
            steps.append(step)
        columns = np.hstack(found)
        step_at = np.repeat(steps, [part.shape[1] for part in found])
        at, place = np.nonzero(columns != NOBODY)
        return rows[at], columns[at, place], step_at[place]

    def _starts_for(self, need: Need) -> tuple[Floats, Floats]:
        is_immediate = need.is_immediate(self._at.now, self._at.limits)
        if is_immediate not in self._starts:
            starts = self._fleet.starts(need, self._at)
            self._starts[is_immediate] = starts, _metres(starts, self._plane)
        return self._starts[is_immediate]


def _metres(degrees: Floats, plane: LocalPlane) -> Floats:
    """(P, 2) metres east and north."""
    return np.column_stack(plane.to_metres(degrees[:, 0], degrees[:, 1]))
