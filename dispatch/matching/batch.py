"""Batch matching of waiting requests to free vehicles (see `problem` for what comes back).

Requests are taken class by class. A class is matched at the least cost over all vehicles; then each
of its requests keeps what its vehicle costs, to the second, and only among vehicles of that same
cost leaves the one that the next class needs. So a lower class never takes from a higher one, and
a higher one never takes what doesn't matter to it.

1. list the nearest vehicles of each request (`candidates`) at the first step of use that has any,
   weigh them (`weights`), and match (`sparse`)
2. where requests stay without, or somebody at a later step of use could move up, lengthen the lists
   that could help; match again
3. find drivers (`crews`), ask rules that weren't screened (`screening`) about the pairs matched;
   forget the pairs refused, and match again
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dispatch.eligibility.choices import DriverChoice, VehicleChoice
from dispatch.eligibility.need import At
from dispatch.matching.candidates import Candidates
from dispatch.matching.columns import RENTAL, Fleet, FleetColumns, columns_of, least_asking
from dispatch.matching.crews import crews, driver_pairs
from dispatch.matching.matches import Matches
from dispatch.matching.problem import Bools, Ints, Matching, Waiting
from dispatch.matching.ranking import TravelMatrix
from dispatch.matching.sparse import UNSERVED, Pairs, assign
from dispatch.matching.weights import PairCosts, Weights, costs_of

DEFAULT_WEIGHTS = Weights()


def match_batch(
    waiting: Sequence[Waiting],
    vehicles: Sequence[VehicleChoice] | Fleet,
    at: At,
    travel_times: TravelMatrix,
    weights: Weights = DEFAULT_WEIGHTS,
) -> Matching:
    """Return the cheapest assignment of the most requests, class by class.

    vehicles: with a `Fleet` prepared once, batches are answered much sooner

    Each match obeys all rules of `dispatch.eligibility`; no vehicle and no driver is in two
    matches. The order of the input decides nothing: requests are taken by class, time of asking
    and id, vehicles by number.
    """
    ordered = sorted(waiting, key=lambda w: (w.priority, w.asked_at, w.id))
    fleet = vehicles if isinstance(vehicles, Fleet) else Fleet.of(vehicles)
    if not ordered or not len(fleet.choices):
        return Matching((), tuple(w.id for w in ordered), candidates=0, is_largest=True)
    columns = columns_of(fleet, [w.need for w in ordered], at)
    search = _Search(ordered, columns, at, travel_times, weights)
    while True:
        held = search.by_class()
        drivers = search.drivers(held)
        if drivers is not None and not search.refuse(held):
            return search.matching(held, drivers)


class _Search:
    """One batch: what was listed, what was refused, and units whose drivers are too few."""

    def __init__(
        self,
        waiting: Sequence[Waiting],
        fleet: FleetColumns,
        at: At,
        travel_times: TravelMatrix,
        weights: Weights,
    ) -> None:
        self._waiting, self._fleet, self._at, self._weights = waiting, fleet, at, weights
        needs = [w.need for w in waiting]
        self._least = least_asking(needs)
        self._candidates = Candidates(needs, fleet, at, travel_times, weights)
        self._class_of = np.array([w.priority for w in waiting], dtype=np.int64)
        self._short = np.zeros(len(fleet.unit_numbers), dtype=np.bool_)

    def by_class(self) -> Ints:
        """Return the vehicle of each request, or UNSERVED."""
        held = np.full(len(self._waiting), UNSERVED, dtype=np.int64)
        for priority in np.unique(self._class_of).tolist():
            held = self._with_class(self._class_of == priority, held)
        return held

    def _with_class(self, of_class: Bools, held: Ints) -> Ints:
        """Match one class, with those above it at what they cost already."""
        self._candidates.begin(of_class)
        while True:
            table = self._candidates.table
            cost_s = self._costs().total_s
            settled = held >= 0
            kept_s = np.full(len(held), -1, dtype=np.int64)
            chosen = held[table.rows] == table.columns
            kept_s[table.rows[chosen]] = cost_s[chosen]
            asked = of_class[table.rows] | (kept_s[table.rows] == cost_s)
            pairs = Pairs(table.rows[asked], table.columns[asked], cost_s[asked])
            found = self._assigned(pairs, settled)
            if self._widen(pairs, table.steps[asked], found, of_class):
                continue
            helping = self._helping(pairs, found, of_class)
            if not self._candidates.grow(helping):
                return found

    def _widen(self, pairs: Pairs, steps: Ints, found: Ints, of_class: Bools) -> bool:
        """Show later steps of use to whoever could take one so that others move up by more.

        Along a chain of exchanges each gives up its vehicle and takes one listed: `left` is how
        many steps have been saved where the chain comes to a request.
        """
        candidates = self._candidates
        chosen = found[pairs.rows] == pairs.columns
        held_at, holder = np.zeros(len(found), dtype=np.int64), np.full(len(self._fleet), -1)
        held_at[pairs.rows[chosen]] = steps[chosen]
        holder[pairs.columns[chosen]] = pairs.rows[chosen]
        if not held_at.any():
            return False
        left, next_one = held_at.copy(), holder[pairs.columns]
        may_lead = (next_one >= 0) & (found[pairs.rows] >= 0) & ~chosen
        while True:
            after = left[pairs.rows] - steps
            leads = may_lead & (after >= 1)
            wider, reached = left.copy(), next_one[leads]
            np.maximum.at(wider, reached, np.minimum(after[leads] + held_at[reached], RENTAL))
            if (wider == left).all():
                break
            left = wider
        gains = of_class & (found >= 0) & (left >= candidates.last_step + 2)
        if candidates.is_full or not gains.any():
            return False
        candidates.widen(gains)
        return True

    def _assigned(self, pairs: Pairs, settled: Bools) -> Ints:
        row_count = len(self._waiting)
        used = np.unique(pairs.columns)
        short = used[self._short[self._fleet.unit[used]]]
        crewed = driver_pairs(
            [(column, self._fleet.choices[column]) for column in short.tolist()],
            self._least,
            self._weights,
            first_row=row_count,
            first_column=len(self._fleet),
        )
        must = np.concatenate((settled, np.ones(len(short), dtype=np.bool_)))
        return assign(pairs.and_below(crewed), len(must), must)[:row_count]

    def _helping(self, pairs: Pairs, found: Ints, of_class: Bools) -> Bools:
        """Whose longer list could serve one more: who has none, or holds what they could have.

        Vehicles of a unit whose drivers are too few are as one: each waits for the same drivers.
        """
        reached = of_class & (found == UNSERVED)
        if not self._candidates.could_help(reached, found, self._idle(found)):
            return np.zeros_like(reached)
        while True:
            growing: Bools = reached & of_class & ~self._candidates.is_whole
            if growing.any():
                return growing
            wanted = np.zeros(len(self._fleet), dtype=np.bool_)
            wanted[pairs.columns[reached[pairs.rows]]] = True
            units = np.zeros_like(self._short)
            units[self._fleet.unit[wanted]] = True
            wanted |= (units & self._short)[self._fleet.unit]
            wider = reached | ((found >= 0) & wanted[found])
            if (wider == reached).all():
                return growing
            reached = wider

    def _idle(self, found: Ints) -> Bools:
        """Which vehicles are free and have, or may have, a driver left."""
        fleet = self._fleet
        idle = fleet.driven.copy()
        idle[found[found >= 0]] = False
        out = np.bincount(fleet.unit[found[found >= 0]], minlength=len(fleet.unit_numbers))
        for unit in np.flatnonzero(self._short).tolist():
            of_unit = np.flatnonzero(fleet.unit == unit)
            if out[unit] >= len(fleet.choices[int(of_unit[0])].drivers):
                idle[of_unit] = False
        return idle

    def _costs(self) -> PairCosts:
        return costs_of(self._candidates.table, self._fleet, self._weights)

    def drivers(self, held: Ints) -> dict[int, DriverChoice] | None:
        """Return a driver for each request served; None when some unit hasn't enough of them."""
        rows = np.flatnonzero(held >= 0)
        columns = held[rows]
        needs = [self._waiting[row].need for row in rows.tolist()]
        found = self._fleet.fleet.staff.one_by_one(columns, needs)
        if None in found:
            vehicles = [self._fleet.choices[column] for column in columns.tolist()]
            found = crews(list(zip(vehicles, needs, strict=True)))
        missing = np.array([driver is None for driver in found], dtype=np.bool_)
        if not missing.any():
            return {row: d for row, d in zip(rows.tolist(), found, strict=True) if d is not None}
        known = self._short[self._fleet.unit[columns]]
        self._short[self._fleet.unit[columns[missing]]] = True
        refused = missing & known
        self._candidates.drop(rows[refused], columns[refused])
        return None

    def refuse(self, held: Ints) -> bool:
        """Ask the rules that are left about the pairs matched; return whether any was refused."""
        rows = np.flatnonzero(held >= 0)
        is_refused = self._refuses(rows, held[rows])
        if not is_refused.any():
            return False
        table = self._candidates.table
        likely = np.flatnonzero(np.isin(table.columns, held[rows[is_refused]]))
        dropped = likely[self._refuses(table.rows[likely], table.columns[likely])]
        self._candidates.drop(table.rows[dropped], table.columns[dropped])
        return True

    def _refuses(self, rows: Ints, columns: Ints) -> Bools:
        fleet, needs = self._fleet.fleet, [self._waiting[row].need for row in rows.tolist()]
        return fleet.later.refuses(fleet.choices, columns, needs, self._at)

    def matching(self, held: Ints, drivers: dict[int, DriverChoice]) -> Matching:
        """Return the answer."""
        table, costs, weights = self._candidates.table, self._costs(), self._weights
        pairs = np.flatnonzero(held[table.rows] == table.columns)
        rows = table.rows[pairs].tolist()
        crew = [drivers[row] for row in rows]
        duty_s = np.array([driver.duty_s for driver in crew], dtype=np.int64)
        return Matching(
            matches=Matches(
                requests=tuple(self._waiting[row].id for row in rows),
                vehicle_nos=self._fleet.choices.nos[table.columns[pairs]],
                driver_nos=tuple(driver.no for driver in crew),
                arrival_s=np.rint(table.arrival_s[pairs]),
                empty_m=np.rint(table.empty_m[pairs]),
                costs=replace(
                    costs.of(pairs),
                    driver_duty_s=duty_s * weights.driver_duty_s_an_hour // 3600,
                ),
            ),
            unserved=tuple(self._waiting[i].id for i in np.flatnonzero(held < 0).tolist()),
            candidates=self._candidates.weighed,
            is_largest=not self._candidates.is_full,
        )
