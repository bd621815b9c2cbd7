"""Better vehicles for promised requests, without a promise made worse.

1. Each request keeps its vehicle at the price of what it costs now; any other costs beyond that
   what a change must save, so that nothing is moved for a trifle.
2. Vehicles that come too late for the promise are no candidates, and everybody must have one.
3. The cheapest assignment of all (`sparse`) differs from today's in circles and chains, in which
   each takes what the next gives up. Each of them is an exchange that pays by itself.
4. Drivers stay with their vehicles. Pairs that a rule or a driver refuses are forgotten; from 3.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.drivers import is_available
from dispatch.eligibility.need import At
from dispatch.eligibility.setting_out import setting_out
from dispatch.matching.batch import DEFAULT_WEIGHTS
from dispatch.matching.candidates import Candidates
from dispatch.matching.columns import columns_of
from dispatch.matching.crews import crews
from dispatch.matching.immediate import ImmediatePolicy
from dispatch.matching.problem import (
    Change,
    Exchange,
    Floats,
    Ints,
    Match,
    Priority,
    Promised,
    Stage,
)
from dispatch.matching.ranking import TravelMatrix
from dispatch.matching.screening import asked_later
from dispatch.matching.sparse import Pairs, assign
from dispatch.matching.weights import PairCosts, Weights, costs_of

DEFAULT_POLICY = ImmediatePolicy()


def improve(
    promised: Sequence[Promised],
    vehicles: Sequence[VehicleChoice],
    at: At,
    travel_times: TravelMatrix,
    policy: ImmediatePolicy = DEFAULT_POLICY,
    weights: Weights = DEFAULT_WEIGHTS,
) -> tuple[Exchange, ...]:
    """Return the exchanges worth making, the one that saves most first.

    vehicles: those that are free, and those of `promised` as they would be without that promise
        (their own order must not make them busy, nor its driver)

    Each request keeps a vehicle; it comes no later than was promised, or than now expected where
    that is later already; for a request above the ordinary class no later than now expected.
    Departed ones stay, and so do those whose vehicle isn't given or has no known place, and those
    whose vehicle or driver serves several of them. An exchange saves at least `change_s` for each
    change and `ask_s` for each driver who is asked.
    """
    given = {vehicle.no: vehicle for vehicle in vehicles}
    rides = Counter((p.vehicle_no, "vehicle") for p in promised)
    rides.update((p.driver_no, "driver") for p in promised)

    def may_move(p: Promised) -> bool:
        vehicle = given.get(p.vehicle_no)
        is_placed = vehicle is not None and setting_out(vehicle, p.need, at) is not None
        is_alone = rides[p.vehicle_no, "vehicle"] == 1 == rides[p.driver_no, "driver"]
        return is_placed and is_alone and p.stage is not Stage.DEPARTED

    moving = sorted(filter(may_move, promised), key=lambda p: (p.priority, p.asked_at, p.id))
    taken = {p.vehicle_no for p in promised if not may_move(p)}
    free = [vehicle for vehicle in vehicles if vehicle.no not in taken]
    if not moving:
        return ()
    search = _Search(moving, free, at, travel_times, policy, weights)
    return search.exchanges(frozenset(p.driver_no for p in promised))


class _Search:
    """Promised requests with what they hold, and what else each of them may have."""

    def __init__(
        self,
        promised: Sequence[Promised],
        vehicles: Sequence[VehicleChoice],
        at: At,
        travel_times: TravelMatrix,
        policy: ImmediatePolicy,
        weights: Weights,
    ) -> None:
        needs = [p.need for p in promised]
        self._promised, self._at, self._policy, self._weights = promised, at, policy, weights
        self._fleet = columns_of(vehicles, needs, at)
        self._later = asked_later()
        place = {no: i for i, no in enumerate(self._fleet.choices.nos.tolist())}
        self._held = np.array([place[p.vehicle_no] for p in promised], dtype=np.int64)
        candidates = Candidates(needs, self._fleet, at, travel_times, weights)
        candidates.widen(np.ones(len(promised), dtype=np.bool_))
        own = candidates.ways(self._held)
        others = candidates.table.only(
            candidates.table.columns != self._held[candidates.table.rows]
        )
        latest_s = self._latest_s(own.arrival_s)
        in_time = others.only(others.arrival_s <= latest_s[others.rows])
        self._table = own.with_others(in_time)

    def _latest_s(self, expected_s: Floats) -> Floats:
        """Until when each must be there, in seconds from now."""
        latest_s = expected_s.copy()
        for i, promised in enumerate(self._promised):
            if promised.priority is not Priority.ORDINARY:
                continue
            told = promised.promised_at
            left_s = np.inf if told is None else (told - self._at.now).total_seconds()
            latest_s[i] = max(left_s, expected_s[i])
        return latest_s

    def exchanges(self, drivers: frozenset[int]) -> tuple[Exchange, ...]:
        """Return what changes; drivers: who is promised, and drives no free vehicle."""
        while True:
            costs = costs_of(self._table, self._fleet, self._weights)
            found = self._assigned(costs)
            changed = np.flatnonzero(found != self._held).tolist()
            crew = self._crew(changed, found, drivers)
            refused = [row for row in changed if self._is_refused(row, found[row], crew[row])]
            if not refused:
                return self._told(changed, found, crew, costs)
            lost = np.isin(self._table.rows, refused) & (
                self._table.columns == found[self._table.rows]
            )
            self._table = self._table.only(~lost)

    def _assigned(self, costs: PairCosts) -> Ints:
        table, policy = self._table, self._policy
        prices = [
            policy.change_s + policy.ask_s * (p.stage is Stage.ACCEPTED) for p in self._promised
        ]
        price_s = np.array(prices, dtype=np.int64)[table.rows]
        price_s[table.columns == self._held[table.rows]] = 0
        pairs = Pairs(table.rows, table.columns, costs.total_s + price_s)
        everybody = np.ones(len(self._promised), dtype=np.bool_)
        return assign(pairs, len(self._promised), everybody)

    def _crew(self, changed: Sequence[int], found: Ints, taken: frozenset[int]) -> dict[int, int]:
        """Return who would drive each request changed; -1 for nobody."""
        holder = {column: row for row, column in enumerate(self._held.tolist())}
        crew = {
            row: self._promised[holder[found[row]]].driver_no
            for row in changed
            if int(found[row]) in holder
        }
        fresh = [row for row in changed if row not in crew]
        rides = [(self._fleet.choices[found[row]], self._promised[row].need) for row in fresh]
        for row, driver in zip(fresh, crews(rides, taken), strict=True):
            crew[row] = -1 if driver is None else driver.no
        return crew

    def _is_refused(self, row: int, column: int, driver_no: int) -> bool:
        vehicle, need = self._fleet.choices[column], self._promised[row].need
        driver = next((d for d in vehicle.drivers if d.no == driver_no), None)
        if driver is None or not is_available(driver, vehicle, need):
            return True
        return any(rule(vehicle, need, self._at) is not None for rule in self._later)

    def _told(
        self, changed: Sequence[int], found: Ints, crew: dict[int, int], costs: PairCosts
    ) -> tuple[Exchange, ...]:
        table = self._table
        keys = zip(table.rows.tolist(), table.columns.tolist(), strict=True)
        pair = {key: i for i, key in enumerate(keys)}
        exchanges = []
        for rows in _chains(changed, found.tolist(), self._held.tolist()):
            changes, gain_s = [], 0
            for row in rows:
                one, now = pair[row, int(found[row])], pair[row, int(self._held[row])]
                gain_s += costs.terms(now).total_s - costs.terms(one).total_s
                changes.append(self._change(row, one, crew[row], costs))
            asked = [
                self._promised[row].driver_no
                for row in rows
                if self._promised[row].stage is Stage.ACCEPTED
            ]
            exchanges.append(Exchange(tuple(changes), tuple(asked), gain_s))
        return tuple(sorted(exchanges, key=lambda e: (-e.gain_s, e.changes[0].request)))

    def _change(self, row: int, pair: int, driver_no: int, costs: PairCosts) -> Change:
        promised, table = self._promised[row], self._table
        return Change(
            request=promised.id,
            from_vehicle_no=promised.vehicle_no,
            from_driver_no=promised.driver_no,
            to=Match(
                request=promised.id,
                vehicle_no=int(self._fleet.choices.nos[table.columns[pair]]),
                driver_no=driver_no,
                arrival_s=round(float(table.arrival_s[pair])),
                empty_m=round(float(table.empty_m[pair])),
                cost=costs.terms(pair),
            ),
        )


def _chains(changed: Sequence[int], found: Sequence[int], held: Sequence[int]) -> list[list[int]]:
    """Part the rows changed into circles and chains: each takes the column the next gives up."""
    holder = {held[row]: row for row in changed}
    head = {row: row for row in changed}

    def first(row: int) -> int:
        while head[row] != row:
            row = head[row]
        return row

    for row in changed:
        if (giver := holder.get(found[row])) is not None:
            head[max(first(row), first(giver))] = min(first(row), first(giver))
    chains: dict[int, list[int]] = defaultdict(list)
    for row in changed:
        chains[first(row)].append(row)
    return list(chains.values())
