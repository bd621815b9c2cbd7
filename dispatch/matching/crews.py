"""Drivers for the vehicles that were matched: each vehicle one, no driver twice."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from dispatch.eligibility.choices import DriverChoice, VehicleChoice
from dispatch.eligibility.crews import by_duty
from dispatch.eligibility.drivers import is_available
from dispatch.eligibility.need import Need
from dispatch.matching.sparse import Pairs
from dispatch.matching.weights import Weights

Ride = tuple[VehicleChoice, Need]

_NONE_S = 10**12  # more than any sum of duty and of the below
_EARLIER_S = 10**7  # a ride that comes first goes without last


def crews(rides: Sequence[Ride], taken: frozenset[int] = frozenset()) -> list[DriverChoice | None]:
    """Return a driver for each ride, None where there is none.

    Ride by ride the available driver with the least duty is taken. Where somebody goes without by
    that, the drivers of the unit are divided anew: most rides, then least duty; where there are too
    few, the rides that come last go without.

    taken: numbers of drivers who are promised elsewhere
    """
    of_unit: dict[int, list[int]] = defaultdict(list)
    for i, (vehicle, _) in enumerate(rides):
        of_unit[vehicle.unit_no].append(i)
    found: list[DriverChoice | None] = [None] * len(rides)
    for places in of_unit.values():
        mine = [rides[i] for i in places]
        drivers = [d for d in by_duty(mine[0][0].drivers) if d.no not in taken]
        who = _one_by_one(mine, drivers)
        if len(mine) > 1 and None in who:
            who = _divided(mine, drivers)
        for place, driver in zip(places, who, strict=True):
            found[place] = driver
    return found


def _one_by_one(
    rides: Sequence[Ride], drivers: Sequence[DriverChoice]
) -> list[DriverChoice | None]:
    left, found = list(drivers), list[DriverChoice | None]()
    for vehicle, need in rides:
        driver = next((driver for driver in left if is_available(driver, vehicle, need)), None)
        if driver is not None:
            left.remove(driver)
        found.append(driver)
    return found


def _divided(rides: Sequence[Ride], drivers: Sequence[DriverChoice]) -> list[DriverChoice | None]:
    without_s = [_NONE_S + _EARLIER_S * (len(rides) - i) for i in range(len(rides))]
    duty_s = np.array(
        [
            [d.duty_s if is_available(d, *ride) else without_s[i] for d in drivers]
            + [without_s[i]] * len(rides)
            for i, ride in enumerate(rides)
        ]
    )
    who = linear_sum_assignment(duty_s)[1].tolist()
    return [drivers[d] if duty_s[i, d] < _NONE_S else None for i, d in enumerate(who)]


def driver_pairs(
    vehicles: Sequence[tuple[int, VehicleChoice]],
    need: Need,
    weights: Weights,
    first_row: int,
    first_column: int,
) -> Pairs:
    """Return rows and columns that make an assignment of vehicles one of their drivers too.

    A row for each vehicle, to be served in any case: by the vehicle's own column when nobody takes
    it, and else by a driver of its unit. So no more vehicles of a unit go out than it has drivers,
    and the least duty decides between them.

    vehicles: with their columns; first_row, first_column: from where on numbers are free
    """
    rows, columns, cost = [], [], []
    numbers: dict[int, int] = {}
    for row, (own, vehicle) in enumerate(vehicles, start=first_row):
        ready = [d for d in vehicle.drivers if is_available(d, vehicle, need)]
        least_s = min((d.duty_s for d in ready), default=0)
        rows += [row] * (1 + len(ready))
        columns += [own, *(first_column + numbers.setdefault(d.no, len(numbers)) for d in ready)]
        cost += [0, *((d.duty_s - least_s) * weights.driver_duty_s_an_hour // 3600 for d in ready)]
    return Pairs(*(np.array(part, dtype=np.int64) for part in (rows, columns, cost)))
