"""Which vehicles are weighed for which requests: the nearest of the steps of use that may serve.

A step stands above any arrival, so a list begins with the first step at which there is anybody.
A graph of the nearest drops pairs, and a request may find all its vehicles taken. Then pairs are
added from the side that has fewer: idle vehicles are offered to the nearest of the requests that
could take one in turn, or the lists of those requests are made twice as long, until everybody is
served or longer lists serve nobody more.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import chain

import numpy as np

from dispatch.eligibility.need import At, Need
from dispatch.matching.columns import OWN_UNIT, RENTAL, Fleet, FleetColumns
from dispatch.matching.kernel import LARGE
from dispatch.matching.pair_table import PairTable, no_pairs
from dispatch.matching.pair_times import PlacedPairs, pair_times
from dispatch.matching.problem import Bools, Floats, Ints
from dispatch.matching.ranking import TravelMatrix
from dispatch.matching.screening import Key
from dispatch.matching.shelves import Fits, Shelves
from dispatch.matching.weights import Weights
from dispatch.roads.plane import LocalPlane


class Candidates:
    """The pairs weighed for a batch.

    table: the pairs; weighed: how many have been, repeats too
    last_step: (R,) up to which step of use each request's list goes
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
        self._offered, self._offers = no_pairs(), weights.nearest
        self._changed = np.zeros(len(needs), dtype=np.bool_)
        self._needs, self._fleet = needs, fleet
        self._travel_times, self._weights = travel_times, weights
        degrees = chain.from_iterable([need.origin for need in needs])
        self._origins = np.fromiter(degrees, np.float64, 2 * len(needs)).reshape(-1, 2)
        plane = LocalPlane(*self._origins.mean(axis=0).tolist())
        self._origins_m = _metres(self._origins, plane)
        beyond, number_of = len(fleet.unit_numbers), fleet.unit_numbers.get
        units = [number_of(need.unit_no, beyond) for need in needs]
        self._unit = np.array(units, dtype=np.int64)
        soon = at.now + timedelta(seconds=at.limits.immediate_s)
        self._is_later = np.array([need.start > soon for need in needs], dtype=np.bool_)
        # From where vehicles set out at once, and below it from where they do for later rides.
        self._starts = fleet.starts(is_immediate=True)
        if self._is_later.any():
            self._starts = np.vstack((self._starts, fleet.starts(is_immediate=False)))
        self._starts_m = _metres(self._starts, plane)
        self._group_of, fits = self._alike()
        self._may = np.array([own | others for _, own, others in fits])
        self._shelves = _shelves(fleet.fleet, self._starts_m, fits, len(needs))
        self._length = np.zeros(len(needs), dtype=np.int64)
        self.last_step = np.full(len(needs), OWN_UNIT, dtype=np.int64)
        self._dropped = np.zeros(0, dtype=np.int64)

    @property
    def is_full(self) -> bool:
        """Whether no more pairs may be weighed."""
        return self.weighed >= self._weights.most_pairs

    @property
    def is_whole(self) -> Bools:
        """(R,) requests whose list can't be longer."""
        longest = self._length >= self._shelves.most[self._group_of]
        whole: Bools = longest & (self.last_step == RENTAL)
        return whole

    def begin(self, rows: Bools) -> None:
        """Make the first lists of these requests, unless they have been made.

        They hold the nearest of the first step of use at which there are any. Where a later step
        isn't dearer than any arrival, they hold those of all steps.
        """
        left = rows & (self._length == 0)
        if self._weights.use_step_s <= self._weights.longest_arrival_s:
            self.widen(left)
            return
        self._length[left] = self._weights.nearest
        while left.any() and not self.is_full:
            self._list(left)
            left = left & (self.last_step < RENTAL)
            left[self.table.rows] = False
            self.last_step[left] += 1

    def widen(self, rows: Bools) -> None:
        """Let the lists of these requests hold the nearest of all steps of use."""
        self._length[rows] = np.maximum(self._length[rows], self._weights.nearest)
        self.last_step[rows] = RENTAL
        if rows.any() and not self.is_full:
            self._list(rows)

    def grow(self, rows: Bools) -> bool:
        """Lengthen the lists of these requests; return whether any of them could be."""
        growing = rows & ~self.is_whole
        if not growing.any() or self.is_full:
            return False
        is_wide = self.last_step == RENTAL
        self._length[growing & is_wide] *= 2
        self.last_step[growing] = RENTAL
        self._list(growing)
        return True

    def offer(self, columns: Bools, rows: Bools) -> bool:
        """Pair each of these vehicles with the nearest of these requests that may have it.

        Returns whether any of the pairs is new. Each time twice as many are looked for.
        """
        if not columns.any() or self.is_full:
            return False
        at, to, steps = self._shelves.offered(
            np.flatnonzero(columns), self._origins_m, self._unit, self._group_of, rows, self._offers
        )
        self._offers *= 2
        is_new = ~np.isin(
            self._keys(at, to), self._keys(self.table.rows, self.table.columns), assume_unique=True
        )
        offered = self._weighed(at[is_new], to[is_new], steps[is_new])
        self._changed[offered.rows] = True
        self._offered = self._offered.with_others(offered)
        self.table = self.table.with_others(offered)
        return len(offered) > 0

    def _list(self, rows: Bools) -> None:
        """Make the lists of these requests anew; what was offered to them beyond them stays."""
        listed = self._looked_up(np.flatnonzero(rows))
        if len(self._offered):
            of_rows = self._offered.only(rows[self._offered.rows])
            is_beyond = ~np.isin(
                self._keys(of_rows.rows, of_rows.columns),
                self._keys(listed.rows, listed.columns),
                assume_unique=True,
            )
            listed = listed.with_others(of_rows.only(is_beyond))
        self.table = self.table.only(~rows[self.table.rows]).with_others(listed)
        self._changed |= rows

    def take_changed(self) -> Bools:
        """(R,) requests that have got other pairs since this was last asked."""
        changed, self._changed = self._changed, np.zeros_like(self._changed)
        return changed

    def could_help(self, rows: Bools, found: Ints, idle: Bools) -> bool:
        """Whether the longest lists could lead from these requests to an idle vehicle at all.

        Either one of them may have it, or somebody whose vehicle they may have, and so on. All that
        may serve count, however far; requests that the same vehicles may serve go together.
        """
        reached = np.zeros(len(self._may), dtype=np.bool_)
        while True:
            wider = reached.copy()
            wider[self._group_of[rows]] = True
            if (wider == reached).all():
                return False
            reached = wider
            wanted: Bools = np.asarray(self._may[reached].any(axis=0))
            if (wanted & idle).any():
                return True
            rows = (found >= 0) & wanted[found]

    def could_have(self, rows: Bools) -> Bools:
        """(V,) vehicles that may serve any of these requests, however far they are."""
        groups = np.unique(self._group_of[rows])
        return np.asarray(self._may[groups].any(axis=0), dtype=np.bool_)

    def ways(self, columns: Ints) -> PairTable:
        """Return the way of one vehicle for each request, at most a week long."""
        rows = np.arange(len(self._needs), dtype=np.int64)
        fleet = self._fleet
        step = fleet.fleet.step[columns]
        is_own = (fleet.unit[columns] == self._unit) & (step != RENTAL)
        arrival_s, empty_m = self._way(rows, columns)
        longest_s, longest_m = 604_800, 40_000_000
        return PairTable(
            rows,
            columns,
            np.where(is_own, OWN_UNIT, step),
            arrival_s.clip(max=longest_s),
            empty_m.clip(max=longest_m),
        )

    def _way(self, rows: Ints, columns: Ints) -> tuple[Floats, Floats]:
        """Seconds and metres of each pair."""
        at = columns + self._is_later[rows] * len(self._fleet)
        return pair_times(PlacedPairs(self._starts, self._origins, at, rows), self._travel_times)

    def drop(self, rows: Ints, columns: Ints) -> None:
        """Forget pairs for good."""
        self._dropped = np.union1d(self._dropped, self._keys(rows, columns))
        self.table = self._without_dropped(self.table)
        self._offered = self._without_dropped(self._offered)

    def _keys(self, rows: Ints, columns: Ints) -> Ints:
        return rows * len(self._fleet) + columns

    def _without_dropped(self, table: PairTable) -> PairTable:
        if self._dropped.size == 0:
            return table
        return table.only(~np.isin(self._keys(table.rows, table.columns), self._dropped))

    def _alike(self) -> tuple[Ints, list[Fits]]:
        """Part requests by the vehicles that may serve them, and from where those set out.

        Returns the group of each request, and for each group from where, and who may serve.
        """
        screen, numbers = self._fleet.screen, dict[tuple[object, ...], int]()
        keys = screen.keys(self._needs)
        of_key: dict[Key, int] = {}
        fits: list[Fits] = []
        # Of those with one key the last stands for all.
        for key, row in {key: row for row, key in enumerate(keys)}.items():
            need, is_later = self._needs[row], bool(self._is_later[row])
            own, others = (
                screen.fits(need, as_own=as_own) & self._fleet.driven for as_own in (True, False)
            )
            alike = is_later, own.tobytes(), others.tobytes()
            of_key[key] = numbers.setdefault(alike, len(numbers))
            if len(fits) < len(numbers):
                fits.append((is_later, own, others))
        return np.array([of_key[key] for key in keys], dtype=np.int64), fits

    def _looked_up(self, rows: Ints) -> PairTable:
        """The pairs of requests, each with the list that is due to it."""
        at, to, steps = self._shelves.nearest(
            self._origins_m[rows],
            self._unit[rows],
            self._group_of[rows],
            self.last_step[rows],
            self._length[rows],
        )
        return self._weighed(rows[at], to, steps)

    def _weighed(self, rows: Ints, columns: Ints, steps: Ints) -> PairTable:
        """The pairs with their ways, without those that are too far or were dropped."""
        arrival_s, empty_m = self._way(rows, columns)
        self.weighed += len(rows)
        found = PairTable(rows, columns, steps, arrival_s, empty_m)
        return self._without_dropped(found.only(arrival_s <= self._weights.longest_arrival_s))


def _shelves(fleet: Fleet, starts_m: Floats, fits: Sequence[Fits], requests: int) -> Shelves:
    if requests < LARGE:
        return Shelves(fleet, starts_m, fits)
    # The compiler takes a second to import: only large batches pay for it.
    from dispatch.matching.kernel.shelves import CompiledShelves

    return CompiledShelves(fleet, starts_m, fits)


def _metres(degrees: Floats, plane: LocalPlane) -> Floats:
    """(P, 2) metres east and north."""
    return np.column_stack(plane.to_metres(degrees[:, 0], degrees[:, 1]))
