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
from operator import attrgetter

import numpy as np

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.crews import Drivers
from dispatch.eligibility.need import At, Need
from dispatch.eligibility.rides import Rides
from dispatch.eligibility.staff import NOBODY
from dispatch.matching.candidates import Candidates
from dispatch.matching.columns import RENTAL, Fleet, FleetColumns, columns_of
from dispatch.matching.crews import crews, driver_pairs
from dispatch.matching.kernel import LARGE
from dispatch.matching.matches import Matches
from dispatch.matching.pair_table import PairTable
from dispatch.matching.problem import Bools, Ints, Matching, Waiting
from dispatch.matching.ranking import TravelMatrix
from dispatch.matching.sparse import UNSERVED, Pairs, assign
from dispatch.matching.weights import PairCosts, Weights, costs_of

DEFAULT_WEIGHTS = Weights()
_IN_TURN = attrgetter("priority", "asked_at", "id.int")


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
    ordered = sorted(waiting, key=_IN_TURN)
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
        self._needs = needs = [w.need for w in waiting]
        self._rides = Rides.of(needs)
        self._is_large = len(needs) >= LARGE
        self._candidates = Candidates(needs, fleet, at, travel_times, weights)
        self._class_of = np.array([int(w.priority) for w in waiting], dtype=np.int64)
        self._costed: tuple[PairTable, PairCosts] | None = None
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
        found = None
        while True:
            table = self._candidates.table
            cost_s = self._costs().total_s
            settled = held >= 0
            kept_s = np.full(len(held), -1, dtype=np.int64)
            chosen = held[table.rows] == table.columns
            kept_s[table.rows[chosen]] = cost_s[chosen]
            asked = of_class[table.rows] | (kept_s[table.rows] == cost_s)
            pairs = Pairs(table.rows, table.columns, cost_s).only(asked)
            found = self._assigned(pairs, settled, found)
            if self._serve_more(pairs, found, of_class):
                continue
            if not self._widen(pairs, table.steps[asked], found, of_class):
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
        if 2 * gains.sum() > of_class.sum():
            # Where most gain, the others follow in a round or two, each of which solves all anew.
            gains = of_class & (candidates.last_step < RENTAL)
        candidates.widen(gains)
        return True

    def _assigned(self, pairs: Pairs, settled: Bools, before: Ints | None) -> Ints:
        """Return the vehicle of each request; before: those found until lists were changed."""
        changed = self._candidates.take_changed()
        if self._short.any():
            return self._crewed(pairs, settled)
        if before is None:
            return assign(pairs, len(settled), settled, is_large=self._is_large)
        touched = _together(pairs, changed, len(self._fleet))
        again = assign(
            pairs.only(touched[pairs.rows]),
            len(settled),
            settled & touched,
            is_large=self._is_large,
        )
        return np.where(touched, again, before)

    def _crewed(self, pairs: Pairs, settled: Bools) -> Ints:
        """The same where units have too few drivers, who are given out with the vehicles."""
        row_count = len(self._waiting)
        used = np.unique(pairs.columns)
        short = used[self._short[self._fleet.unit[used]]]
        crewed = driver_pairs(
            [(column, self._fleet.choices[column]) for column in short.tolist()],
            self._fleet.least,
            self._weights,
            first_row=row_count,
            first_column=len(self._fleet),
        )
        must = np.concatenate((settled, np.ones(len(short), dtype=np.bool_)))
        found = assign(pairs.and_below(crewed), len(must), must, is_large=self._is_large)
        return found[:row_count]

    def _serve_more(self, pairs: Pairs, found: Ints, of_class: Bools) -> bool:
        """Add pairs that could serve one more; return whether there were any.

        Who is reached, takes another vehicle so that somebody without one is served: an idle one
        for any of them serves one more. It is looked for from the side that has fewer.
        """
        candidates, idle = self._candidates, self._idle(found)
        unserved = of_class & (found == UNSERVED)
        if not candidates.could_help(unserved, found, idle):
            return False
        reached, growing = self._reached(pairs, found, of_class)
        near = idle & candidates.could_have(reached & of_class)
        if near.sum() < growing.sum() and candidates.offer(near, reached & of_class):
            return True
        return candidates.grow(growing)

    def _reached(self, pairs: Pairs, found: Ints, of_class: Bools) -> tuple[Bools, Bools]:
        """Who has no vehicle, or holds what somebody reached could have; and whose list may grow.

        Of those reached the first are meant. Vehicles of a unit whose drivers are too few are as
        one: each waits for the same drivers.
        """
        reached: Bools = of_class & (found == UNSERVED)
        growing = np.zeros_like(reached)
        while True:
            if not growing.any():
                growing = reached & of_class & ~self._candidates.is_whole
            wanted = np.zeros(len(self._fleet), dtype=np.bool_)
            wanted[pairs.columns[reached[pairs.rows]]] = True
            units = np.zeros_like(self._short)
            units[self._fleet.unit[wanted]] = True
            wanted |= (units & self._short)[self._fleet.unit]
            wider = reached | ((found >= 0) & wanted[found])
            if (wider == reached).all():
                return reached, growing
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
        table = self._candidates.table
        if self._costed is None or self._costed[0] is not table:
            self._costed = table, costs_of(table, self._fleet, self._weights)
        return self._costed[1]

    def drivers(self, held: Ints) -> Drivers | None:
        """Return the drivers of all requests served; None when some unit hasn't enough of them."""
        rows, staff = np.flatnonzero(held >= 0), self._fleet.fleet.staff
        columns = held[rows]
        places = staff.one_by_one(columns, self._rides.take(rows))
        if not (places == NOBODY).any():
            return staff.drivers.take(places)
        vehicles = [self._fleet.choices[column] for column in columns.tolist()]
        found = crews(list(zip(vehicles, self._needs_of(rows), strict=True)))
        missing = np.array([driver is None for driver in found], dtype=np.bool_)
        if not missing.any():
            return Drivers.of([driver for driver in found if driver is not None])
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
        fleet = self._fleet.fleet
        return fleet.later.refuses(fleet.choices, columns, self._needs_of(rows), self._at)

    def _needs_of(self, rows: Ints) -> list[Need]:
        return [self._needs[row] for row in rows.tolist()]

    def matching(self, held: Ints, drivers: Drivers) -> Matching:
        """Return the answer; drivers: of the requests served, in their order."""
        table, costs, weights = self._candidates.table, self._costs(), self._weights
        pairs = np.flatnonzero(held[table.rows] == table.columns)
        rows = table.rows[pairs].tolist()
        duty_s = drivers.numbers["duty_s"]
        return Matching(
            matches=Matches(
                requests=tuple(self._waiting[row].id for row in rows),
                vehicle_nos=self._fleet.choices.nos[table.columns[pairs]],
                driver_nos=drivers.numbers["no"].tolist(),
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


def _together(pairs: Pairs, rows: Bools, column_count: int) -> Bools:
    """Return these rows, and all that have a column in common with one that is returned.

    What the others hold depends on none of them.
    """
    while True:
        columns = np.zeros(column_count, dtype=np.bool_)
        columns[pairs.columns[rows[pairs.rows]]] = True
        wider = rows.copy()
        wider[pairs.rows[columns[pairs.columns]]] = True
        if (wider == rows).all():
            return rows
        rows = wider
