"""All drivers of a fleet in columns, judged at once by the rules on drivers.

No rule is written a second time. One that reads a fact of few values is asked once for drivers
alike in it (`READS`), whatever the ride. Those that hold a quantity against the ride's are said for
columns too (`OF_RIDE`), by the same comparison. A test holds both to `driver_objection`.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property

import numpy as np

from dispatch.eligibility.columns import UNSEEN, Bools, Choices, Ints
from dispatch.eligibility.crews import Drivers, joined
from dispatch.eligibility.driver_rules import (
    DRIVER_RULES,
    LIMITS,
    DriverRule,
    driver_free,
    driver_on_shift,
    driver_present,
    duty_day,
    duty_week,
    licence_class,
    licence_valid,
)
from dispatch.eligibility.duty_hours import beyond
from dispatch.eligibility.need import Need
from dispatch.eligibility.rides import Rides

NOBODY = -1

READS: Mapping[DriverRule, str] = {
    driver_present: "on_leave",
    licence_class: "licence_class",
    driver_on_shift: "off_shift",
    driver_free: "is_busy",
}
"""Rules that look at no need, and the one fact of a driver that each reads."""


def _expired(drivers: Drivers, rides: Rides) -> Bools:
    until_us = drivers.instants["licence_until"]
    expired: Bools = (until_us < rides.end_us) & (until_us != UNSEEN)
    return expired


def _day_beyond(drivers: Drivers, rides: Rides) -> Bools:
    return beyond(drivers.numbers["duty_s"], rides.day_s, LIMITS.planned_day_s)


def _week_beyond(drivers: Drivers, rides: Rides) -> Bools:
    return beyond(drivers.numbers["week_s"], rides.week_s, LIMITS.planned_week_s)


OF_RIDE: Mapping[DriverRule, Callable[[Drivers, Rides], Bools]] = {
    licence_valid: _expired,
    duty_day: _day_beyond,
    duty_week: _week_beyond,
}
"""Rules that look at the ride: whether each objects, of drivers and rides side by side.

One ride stands for all when there is only one.
"""

_LAST = np.iinfo(np.int64).max
_NEVER = datetime.min.replace(tzinfo=UTC)
_NO_NEED = Need(0, None, 0, _NEVER, _NEVER, (0.0, 0.0))


class Staff:
    """The drivers of a fleet, crew by crew, and by number within it.

    A driver is known by the place there. They are asked by their duty of the day, then by number.

    crew, kind: (V,) small numbers for each vehicle's crew, and for what its licence must allow
    drivers: shape of the columns (D,)
    """

    def __init__(self, choices: Choices) -> None:
        crews = choices.facts["drivers"]
        self.crew = crews.codes
        counts = [len(crew) for crew in crews.values]
        self._of_crew = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
        self._starts = np.append(0, np.cumsum(counts, dtype=np.int64))
        self._given, self.drivers = _by_number(joined(crews.values), self._of_crew)
        firsts, self.kind = choices.groups(("licence_needed",), np.arange(len(choices)))
        self._of_kind = [choices[first] for first in firsts.tolist()]
        self._by_facts = {rule: self._objections_by_facts(rule) for rule in READS}
        self._asked: tuple[Need, Ints] | None = None
        self._may = ~np.logical_or.reduce(list(self._by_facts.values()))

    def best(self, vehicles: Ints, need: Need) -> Ints:
        """Return who would drive each vehicle: of those to whom no rule objects the first in order.

        NOBODY where there is none.
        """
        if self._asked is None or self._asked[0] != need:
            self._asked = need, self._first(need)
        return self._asked[1][self.kind[vehicles], self.crew[vehicles]]

    def _first(self, need: Need) -> Ints:
        """Return the first driver in order by kind and crew, shape (K, C)."""
        refused = self._object(self.drivers, Rides.of([need]))
        count, is_crew = len(self.drivers), np.diff(self._starts) > 0
        first = np.full((len(self._of_kind), len(is_crew)), NOBODY, dtype=np.int64)
        if count:
            places = np.arange(count, dtype=np.int64)
            in_order = self.drivers.numbers["duty_s"] * count + places
            asked = np.where(self._may & ~refused, in_order, _LAST)
            least = np.minimum.reduceat(asked, self._starts[:-1][is_crew], axis=1)
            first[:, is_crew] = np.where(least == _LAST, NOBODY, least % count)
        return first

    def one_by_one(self, vehicles: Ints, rides: Rides) -> Ints:
        """Return for each ride the first driver whom no ride before it took, or NOBODY.

        vehicles, rides: side by side, shape (R,)

        Each ride asks one driver after another, and who is asked by several drives the ride that
        comes first; the others ask on. It ends as if the rides had chosen in turn (Gale and Shapley
        1962: where all drivers prefer the same rides, there is one stable matching).
        """
        crew, kind = self.crew[vehicles], self.kind[vehicles]
        asked, end = self._starts[crew], self._starts[crew + 1]
        next_one, nobody = self._next_of_kind, len(self.drivers)
        taken_by = np.full(nobody, len(vehicles), dtype=np.int64)
        asking = np.arange(len(vehicles), dtype=np.int64)
        while len(asking):
            asked[asking] = next_one[kind[asking], asked[asking]]
            asking = asking[asked[asking] < end[asking]]
            places = asked[asking]
            refused = self._object(self._by_duty.take(places), rides.take(asking))
            before = taken_by[places]
            np.minimum.at(taken_by, places[~refused], asking[~refused])
            goes_on = refused | (taken_by[places] != asking)
            lost = before[(before < len(vehicles)) & (taken_by[places] != before)]
            asking = np.concatenate((asking[goes_on], np.unique(lost)))
            asked[asking] += 1
        found = np.full(len(vehicles), NOBODY, dtype=np.int64)
        found[asked < end] = self._duty_order[asked[asked < end]]
        return found

    def duty_s(self, places: Ints) -> Ints:
        """Return how much duty drivers have that day; 0 for NOBODY."""
        duty_s: Ints = np.append(self.drivers.numbers["duty_s"], 0)[places]
        return duty_s

    @cached_property
    def mean_duty_s(self) -> Ints:
        """By vehicle how much duty its drivers have that day on the mean; 0 without any."""
        until_s = np.append(0, np.cumsum(self.drivers.numbers["duty_s"]))
        sums_s = until_s[self._starts[1:]] - until_s[self._starts[:-1]]
        means_s: Ints = sums_s // np.maximum(1, np.diff(self._starts))
        return means_s[self.crew]

    def struck(self, vehicles: Ints, need: Need) -> list[list[tuple[str, int]]]:
        """Return for each vehicle which labels strike how many of its drivers.

        The most first, then in the order in which drivers were given; none for those who may drive.
        """
        rides, count = Rides.of([need]), len(DRIVER_RULES)
        told: dict[tuple[int, int], list[tuple[str, int]]] = {}
        for kind in np.unique(self.kind[vehicles]).tolist():
            by = self._struck_by(kind, rides)
            cells = (self._of_crew * count + by)[by >= 0]
            given = self._given[by >= 0]
            numbers = np.bincount(cells, minlength=len(self._starts) * count).reshape(-1, count)
            first = np.full(numbers.size, len(by), dtype=np.int64)
            np.minimum.at(first, cells, given)
            label_of = self._labels(kind, by, need)
            for crew in np.unique(self.crew[vehicles[self.kind[vehicles] == kind]]).tolist():
                order = np.lexsort((first.reshape(-1, count)[crew], -numbers[crew])).tolist()
                ofs = numbers[crew].tolist()
                told[kind, crew] = [(label_of[rule], ofs[rule]) for rule in order if ofs[rule]]
        keys = zip(self.kind[vehicles].tolist(), self.crew[vehicles].tolist(), strict=True)
        return [told[key] for key in keys]

    def _struck_by(self, kind: int, rides: Rides) -> Ints:
        """Return by driver the place in DRIVER_RULES of the first that objects, or NOBODY."""
        by = np.full(len(self.drivers), NOBODY, dtype=np.int64)
        for place, rule in reversed(list(enumerate(DRIVER_RULES))):
            objects = (
                OF_RIDE[rule](self.drivers, rides)
                if rule in OF_RIDE
                else self._by_facts[rule][kind]
            )
            by[objects] = place
        return by

    def _labels(self, kind: int, by: Ints, need: Need) -> dict[int, str]:
        """Return the labels of rules, each told of one of the drivers whom it struck."""
        places, firsts = np.unique(by, return_index=True)
        vehicle, told = self._of_kind[kind], dict[int, str]()
        for place, first in zip(places.tolist(), firsts.tolist(), strict=True):
            if place != NOBODY:
                label = DRIVER_RULES[place](self.drivers[first], vehicle, need)
                assert label is not None
                told[place] = label
        return told

    def _object(self, drivers: Drivers, rides: Rides) -> Bools:
        """Return whether a rule that looks at the ride objects."""
        objects: Bools = np.logical_or.reduce([rule(drivers, rides) for rule in OF_RIDE.values()])
        return objects

    @cached_property
    def _duty_order(self) -> Ints:
        """The drivers of each crew as they are asked, by their places."""
        return np.lexsort((self.drivers.numbers["duty_s"], self._of_crew))

    @cached_property
    def _by_duty(self) -> Drivers:
        """What rules read that look at the ride, in the order of duty."""
        numbers, instants = self.drivers.numbers, self.drivers.instants
        return Drivers(
            {name: numbers[name][self._duty_order] for name in ("duty_s", "week_s")},
            {"licence_until": instants["licence_until"][self._duty_order]},
            {},
        )

    @cached_property
    def _next_of_kind(self) -> Ints:
        """By kind and place in the order of duty the next who may drive it by facts; (K, D + 1)."""
        nobody = len(self.drivers)
        may = self._may[:, self._duty_order]
        own = np.where(may, np.arange(nobody, dtype=np.int64), nobody)
        ends = np.full((len(own), 1), nobody, dtype=np.int64)
        next_one: Ints = np.minimum.accumulate(np.hstack((own, ends))[:, ::-1], axis=1)[:, ::-1]
        return next_one

    def _objections_by_facts(self, rule: DriverRule) -> Bools:
        """Return whether a rule objects that looks at no need, (K, D)."""
        codes = self._codes(READS[rule])
        shape = len(self._of_kind), int(codes.max(initial=0)) + 1
        objects = np.zeros(shape, dtype=np.bool_)
        for code in np.flatnonzero(np.bincount(codes)).tolist():
            driver = self.drivers[int(np.argmax(codes == code))]
            objects[:, code] = [rule(driver, one, _NO_NEED) is not None for one in self._of_kind]
        return objects[:, codes]

    def _codes(self, name: str) -> Ints:
        if name == "is_busy":
            busy_until_us = self.drivers.instants["busy_until"]
            return np.asarray(busy_until_us != UNSEEN, dtype=np.int64)
        return self.drivers.coded[name].codes


def _by_number(given: Drivers, of_crew: Ints) -> tuple[Ints, Drivers]:
    """Return the drivers of each crew by number, and the place at which each was given."""
    nos = given.numbers["no"]
    places = np.arange(len(nos), dtype=np.int64)
    if ((nos[1:] > nos[:-1]) | (of_crew[1:] > of_crew[:-1])).all():
        return places, given
    order = np.lexsort((nos, of_crew))
    return order, given.take(order)
