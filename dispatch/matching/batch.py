"""Batch matching of waiting requests to free vehicles (see `problem` for what comes back).

Requests are taken class by class. A class is matched at the least cost over all vehicles; then each
of its requests keeps what its vehicle costs, to the second, and only among vehicles of that same
cost leaves the one that the next class needs. So a lower class never takes from a higher one, and
a higher one never takes what doesn't matter to it.

1. list the nearest vehicles of each request (`candidates`), weigh them (`weights`), and match
   (`sparse`)
2. where requests stay without, lengthen the lists that could help; match again
3. find drivers (`crews`), ask rules that weren't screened (`screening`) about the pairs matched;
   forget the pairs refused, and match again
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dispatch.eligibility.choices import DriverChoice, VehicleChoice
from dispatch.eligibility.need import At
from dispatch.matching.candidates import Candidates
from dispatch.matching.columns import FleetColumns, columns_of, least_asking
from dispatch.matching.crews import crews, driver_pairs
from dispatch.matching.problem import Bools, Ints, Match, Matching, Waiting
from dispatch.matching.ranking import TravelMatrix
from dispatch.matching.screening import asked_later
from dispatch.matching.sparse import UNSERVED, Pairs, assign
from dispatch.matching.weights import PairCosts, Weights, costs_of

DEFAULT_WEIGHTS = Weights()


def match_batch(
    waiting: Sequence[Waiting],
    vehicles: Sequence[VehicleChoice],
    at: At,
    travel_times: TravelMatrix,
    weights: Weights = DEFAULT_WEIGHTS,
) -> Matching:
    """Return the cheapest assignment of the most requests, class by class.

    Each match obeys all rules of `dispatch.eligibility`; no vehicle and no driver is in two
    matches. The order of the input decides nothing: requests are taken by class, time of asking
    and id, vehicles by number.
    """
    ordered = sorted(waiting, key=lambda w: (w.priority, w.asked_at, w.id))
    if not ordered or not vehicles:
        return Matching((), tuple(w.id for w in ordered), candidates=0, is_largest=True)
    fleet = columns_of(vehicles, [w.need for w in ordered], at)
    return match_columns(ordered, fleet, at, travel_times, weights)


def match_columns(
    ordered: Sequence[Waiting],
    fleet: FleetColumns,
    at: At,
    travel_times: TravelMatrix,
    weights: Weights = DEFAULT_WEIGHTS,
) -> Matching:
    """Match requests in their order to vehicles whose columns are at hand; see `match_batch`."""
    search = _Search(ordered, fleet, at, travel_times, weights)
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
        self._later = asked_later()
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
            helping = self._helping(pairs, found, of_class)
            if not self._candidates.grow(helping):
                return found

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
        found = crews(
            [
                (self._fleet.choices[column], self._waiting[row].need)
                for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
            ]
        )
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
        rows = np.flatnonzero(held >= 0).tolist()
        refused = [held[row] for row in rows if self._is_refused(row, held[row])]
        if not refused:
            return False
        table = self._candidates.table
        likely = np.flatnonzero(np.isin(table.columns, refused))
        dropped = [i for i in likely.tolist() if self._is_refused(table.rows[i], table.columns[i])]
        self._candidates.drop(table.rows[dropped], table.columns[dropped])
        return True

    def _is_refused(self, row: int, column: int) -> bool:
        vehicle, need = self._fleet.choices[column], self._waiting[row].need
        return any(rule(vehicle, need, self._at) is not None for rule in self._later)

    def matching(self, held: Ints, drivers: dict[int, DriverChoice]) -> Matching:
        """Return the answer."""
        table, costs, weights = self._candidates.table, self._costs(), self._weights
        chosen = np.flatnonzero(held[table.rows] == table.columns).tolist()
        return Matching(
            matches=tuple(
                Match(
                    request=self._waiting[row].id,
                    vehicle_no=self._fleet.choices[held[row]].no,
                    driver_no=drivers[row].no,
                    arrival_s=round(float(table.arrival_s[pair])),
                    empty_m=round(float(table.empty_m[pair])),
                    cost=replace(
                        costs.terms(pair),
                        driver_duty_s=drivers[row].duty_s * weights.driver_duty_s_an_hour // 3600,
                    ),
                )
                for pair in chosen
                for row in (int(table.rows[pair]),)
            ),
            unserved=tuple(self._waiting[i].id for i in np.flatnonzero(held < 0).tolist()),
            candidates=self._candidates.weighed,
            is_largest=not self._candidates.is_full,
        )
