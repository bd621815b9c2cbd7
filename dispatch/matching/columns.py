"""What a batch knows of its vehicles beyond their facts: whose they are, how much duty was done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from dispatch.eligibility.choices import DriverChoice, VehicleChoice
from dispatch.eligibility.columns import Choices
from dispatch.eligibility.drivers import is_available
from dispatch.eligibility.need import At, Need
from dispatch.matching.problem import Bools, Floats, Ints
from dispatch.matching.screening import Screen
from fleet.words import Holding

OWN_UNIT, POOL, CROSS_UNIT, RENTAL = range(4)
"""Steps in the order of use, as `ranking.use_of` has them, counted from zero."""

_STEP: dict[str, int] = {Holding.POOL: POOL, Holding.RENTAL: RENTAL}


@dataclass(frozen=True, slots=True)
class FleetColumns:
    """Vehicles by number, with a column for each fact; built once for a batch.

    step: at which a vehicle is tried by units that are not its own; RENTAL for everybody
    unit: small numbers for units, by `unit_numbers`
    driver_duty_s: of the driver with the least, unit_duty_s: of all its drivers on the mean
    driven: whether there is a driver for the ride of the batch that asks least of one
    """

    choices: Choices
    screen: Screen
    step: Ints
    unit: Ints
    unit_numbers: dict[int, int]
    driver_duty_s: Ints
    unit_duty_s: Ints
    driven: Bools

    def __len__(self) -> int:
        return len(self.choices)

    def steps(self, need: Need) -> Ints:
        """At which step in the order of use each vehicle is tried for such a need."""
        is_own = self.unit == self.unit_numbers.get(need.unit_no, len(self.unit_numbers))
        return np.where(is_own & (self.step != RENTAL), OWN_UNIT, self.step)

    def starts(self, need: Need, at: At) -> Floats:
        """(V, 2) degrees from where each vehicle would set out, NaN if nobody can tell."""
        fixes = self.choices.fixes
        lat, lon = fixes.lat, fixes.lon
        if not need.is_immediate(at.now, at.limits):
            base_lat, base_lon = self.choices.bases()
            has_base = ~np.isnan(base_lat)
            lat, lon = np.where(has_base, base_lat, lat), np.where(has_base, base_lon, lon)
        return np.column_stack((lat, lon))


def columns_of(vehicles: Sequence[VehicleChoice], needs: Sequence[Need], at: At) -> FleetColumns:
    """Return the columns of vehicles; needs: of the batch, at least one."""
    choices = Choices.of(vehicles)
    units = choices.facts["unit_no"]
    known: dict[int, int] = {}
    number_of = [known.setdefault(unit_no, len(known)) for unit_no in units.values]
    least, mean, driven = _duties(choices, least_asking(needs))
    return FleetColumns(
        choices=choices,
        screen=Screen(choices, at),
        step=choices.facts["holding"].of(lambda h: _STEP.get(h, CROSS_UNIT)).as_numbers(),
        unit=np.array(number_of, dtype=np.int64)[units.codes],
        unit_numbers=known,
        driver_duty_s=least,
        unit_duty_s=mean,
        driven=driven,
    )


def least_asking(needs: Sequence[Need]) -> Need:
    """Return a need for which every driver is available who is for any of these.

    It ends as soon as the soonest, and lasts no time.
    """
    soonest = min(needs, key=lambda need: need.end)
    return replace(soonest, start=soonest.end)


def first_available(
    vehicle: VehicleChoice, need: Need, ordered: Sequence[DriverChoice]
) -> DriverChoice | None:
    """Return the first driver who may drive, the others aren't asked."""
    return next((driver for driver in ordered if is_available(driver, vehicle, need)), None)


def by_duty(drivers: Sequence[DriverChoice]) -> list[DriverChoice]:
    """Return drivers in the order in which they are asked: least duty of the day, then number."""
    return sorted(drivers, key=lambda driver: (driver.duty_s, driver.no))


def _duties(choices: Choices, need: Need) -> tuple[Ints, Ints, Bools]:
    """Vehicles of a unit share its drivers: each kind of vehicle is looked at once."""
    firsts, group = choices.groups(("drivers", "body", "seats"), np.arange(len(choices)))
    least, mean = (np.zeros(len(firsts), dtype=np.int64) for _ in range(2))
    driven = np.zeros(len(firsts), dtype=np.bool_)
    for i, vehicle in enumerate(choices[first] for first in firsts.tolist()):
        drivers = by_duty(vehicle.drivers)
        driver = first_available(vehicle, need, drivers)
        if driver is not None:
            driven[i], least[i] = True, driver.duty_s
            mean[i] = sum(d.duty_s for d in drivers) // len(drivers)
    return least[group], mean[group], driven[group]
