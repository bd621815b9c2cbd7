"""What a batch knows of its vehicles beyond their facts: whose they are, how much duty was done.

A `Fleet` is prepared when facts are read, and used by all batches until they change; where vehicles
are now, is told to it for each (`seen`). What depends on the requests, the instant and positions is
made for a batch (`columns_of`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.columns import Choices, Fixes
from dispatch.eligibility.need import At, Need
from dispatch.eligibility.staff import NOBODY, Staff
from dispatch.matching.problem import Bools, Floats, Ints
from dispatch.matching.screening import Answers, Later, Screen
from fleet.words import Holding

OWN_UNIT, POOL, CROSS_UNIT, RENTAL = range(4)
"""Steps in the order of use, as `ranking.use_of` has them, counted from zero."""

_STEP: dict[str, int] = {Holding.POOL: POOL, Holding.RENTAL: RENTAL}


@dataclass(frozen=True, slots=True)
class Fleet:
    """Vehicles by number, with what batches ask of them and their facts alone decide.

    step: at which a vehicle is tried by units that are not its own; RENTAL for everybody
    unit: small numbers for units, by `unit_numbers`
    later: rules that are asked about matched pairs
    answers: of the other rules, kept from batch to batch
    """

    choices: Choices
    staff: Staff
    step: Ints
    unit: Ints
    unit_numbers: dict[int, int]
    later: Later
    answers: Answers

    @classmethod
    def of(cls, vehicles: Sequence[VehicleChoice]) -> "Fleet":
        """Return these vehicles, prepared."""
        choices = Choices.of(vehicles)
        units = choices.facts["unit_no"]
        known: dict[int, int] = {}
        number_of = [known.setdefault(unit_no, len(known)) for unit_no in units.values]
        return cls(
            choices=choices,
            staff=choices.once(Staff),
            step=choices.facts["holding"].of(lambda h: _STEP.get(h, CROSS_UNIT)).as_numbers(),
            unit=np.array(number_of, dtype=np.int64)[units.codes],
            unit_numbers=known,
            later=Later(choices),
            answers={},
        )

    def seen(self, fixes: Fixes) -> "Fleet":
        """Return the same vehicles seen there; all else that was prepared stays."""
        return replace(self, choices=self.choices.seen(fixes))


@dataclass(frozen=True, slots=True)
class FleetColumns:
    """A fleet as one batch sees it, with a column for each fact.

    least: a need for which every driver is available who is for any of the batch
    driver_duty_s: of the driver with the least, unit_duty_s: of all its drivers on the mean
    driven: whether there is a driver for the ride of the batch that asks least of one
    """

    fleet: Fleet
    screen: Screen
    least: Need
    driver_duty_s: Ints
    unit_duty_s: Ints
    driven: Bools

    def __len__(self) -> int:
        return len(self.choices)

    @property
    def choices(self) -> Choices:
        """The vehicles."""
        return self.fleet.choices

    @property
    def unit(self) -> Ints:
        """(V,) the small number of each vehicle's unit."""
        return self.fleet.unit

    @property
    def unit_numbers(self) -> dict[int, int]:
        """The small numbers of units."""
        return self.fleet.unit_numbers

    def steps(self, need: Need) -> Ints:
        """At which step in the order of use each vehicle is tried for such a need."""
        step, is_own = self.fleet.step, self.unit == self.unit_number(need.unit_no)
        return np.where(is_own & (step != RENTAL), OWN_UNIT, step)

    def unit_number(self, unit_no: int) -> int:
        """Return the small number of a unit; that beyond the last where it has no vehicle."""
        return self.unit_numbers.get(unit_no, len(self.unit_numbers))

    def starts(self, *, is_immediate: bool) -> Floats:
        """(V, 2) degrees from where each vehicle would set out, NaN if nobody can tell."""
        fixes = self.choices.fixes
        lat, lon = fixes.lat, fixes.lon
        if not is_immediate:
            base_lat, base_lon = self.choices.bases()
            has_base = ~np.isnan(base_lat)
            lat, lon = np.where(has_base, base_lat, lat), np.where(has_base, base_lon, lon)
        return np.column_stack((lat, lon))


def columns_of(
    vehicles: Sequence[VehicleChoice] | Fleet, needs: Sequence[Need], at: At
) -> FleetColumns:
    """Return the columns of vehicles; needs: of the batch, at least one."""
    fleet = vehicles if isinstance(vehicles, Fleet) else Fleet.of(vehicles)
    screen = Screen(fleet.choices, at, fleet.answers)
    least, staff = least_asking(needs), fleet.staff
    first = staff.best(np.arange(len(fleet.choices)), least)
    driven = first != NOBODY
    unit_duty_s = np.where(driven, staff.mean_duty_s, 0)
    return FleetColumns(fleet, screen, least, staff.duty_s(first), unit_duty_s, driven)


def least_asking(needs: Sequence[Need]) -> Need:
    """Return a need for which every driver is available who is for any of these.

    It ends as soon as the soonest, and lasts no time.
    """
    soonest = min(needs, key=lambda need: need.end)
    return replace(soonest, start=soonest.end)
