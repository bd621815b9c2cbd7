"""Drivers of many vehicles: rules that don't look at the need are asked once for a kind.

Vehicles are of one kind when they share their drivers, body and seats: no rule on drivers looks at
anything else in them. What is left are the rules that look at the need (hours, licence to the end).
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np

from dispatch.eligibility.choices import DriverChoice
from dispatch.eligibility.columns import Choices
from dispatch.eligibility.driver_rules import DRIVER_RULES
from dispatch.eligibility.need import Need
from dispatch.matching.problem import Bools, Ints
from dispatch.matching.screening import reads

_NEVER = datetime.min.replace(tzinfo=UTC)
_NO_NEED = Need(0, None, 0, _NEVER, _NEVER, (0.0, 0.0))
_OF_NEED = tuple(rule for rule in DRIVER_RULES if reads(rule, 2))
_OF_DRIVER = tuple(rule for rule in DRIVER_RULES if not reads(rule, 2))


def by_duty(drivers: Sequence[DriverChoice]) -> list[DriverChoice]:
    """Return drivers in the order in which they are asked: least duty of the day, then number."""
    return sorted(drivers, key=lambda driver: (driver.duty_s, driver.no))


class Staff:
    """The drivers of each vehicle, by kinds of vehicles. Not for two threads at once."""

    def __init__(self, choices: Choices) -> None:
        everybody = np.arange(len(choices), dtype=np.int64)
        firsts, self._kind = choices.groups(("drivers", "body", "seats"), everybody)
        self._firsts = [choices[first] for first in firsts.tolist()]
        in_order: dict[int, list[DriverChoice]] = {}
        for vehicle in self._firsts:
            if id(vehicle.drivers) not in in_order:
                in_order[id(vehicle.drivers)] = by_duty(vehicle.drivers)
        # Most kinds are asked for their first driver only, so the others are judged when needed.
        self._ready = list[list[DriverChoice]]([] for _ in self._firsts)
        self._unasked = [iter(in_order[id(vehicle.drivers)]) for vehicle in self._firsts]
        self._mean_s = np.array(
            [
                sum(driver.duty_s for driver in vehicle.drivers) // max(1, len(vehicle.drivers))
                for vehicle in self._firsts
            ],
            dtype=np.int64,
        )

    def duties(self, need: Need) -> tuple[Ints, Ints, Bools]:
        """Return by vehicle the duty of the first driver, of all on the mean, and if there is one.

        Seconds, shape (V,); zero where nobody may drive for the need.
        """
        first = [self._first(kind, need, set()) for kind in range(len(self._firsts))]
        driven = np.array([one is not None for one in first], dtype=np.bool_)
        least_s = np.array([0 if one is None else one.duty_s for one in first], dtype=np.int64)
        mean_s = np.where(driven, self._mean_s, 0)
        return least_s[self._kind], mean_s[self._kind], driven[self._kind]

    def one_by_one(self, columns: Ints, needs: Sequence[Need]) -> list[DriverChoice | None]:
        """Return for each ride the driver with the least duty whom no ride before it took."""
        taken: set[int] = set()
        found = []
        for kind, need in zip(self._kind[columns].tolist(), needs, strict=True):
            driver = self._first(kind, need, taken)
            if driver is not None:
                taken.add(driver.no)
            found.append(driver)
        return found

    def _first(self, kind: int, need: Need, taken: set[int]) -> DriverChoice | None:
        vehicle = self._firsts[kind]
        for driver in self._drivers(kind):
            if driver.no in taken:
                continue
            for rule in _OF_NEED:
                if rule(driver, vehicle, need) is not None:
                    break
            else:
                return driver
        return None

    def _drivers(self, kind: int) -> Iterator[DriverChoice]:
        """Drivers to whom no rule objects that looks at no need, in the order of asking."""
        ready, vehicle = self._ready[kind], self._firsts[kind]
        yield from ready
        for driver in self._unasked[kind]:
            if all(rule(driver, vehicle, _NO_NEED) is None for rule in _OF_DRIVER):
                ready.append(driver)
                yield driver
