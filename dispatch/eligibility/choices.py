"""The vehicles and drivers that may be chosen, with the facts on which rules and ranking rest.

They are known by their numbers in the register alone: who is shown a choice reads names there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.roads.network import LatLon
from fleet.outages.words import OutageKind
from fleet.people.licences import LicenceKind, kind_needed
from fleet.vehicles.words import Body, LifeState


@dataclass(frozen=True, slots=True)
class Fix:
    """Where a vehicle was last seen (WGS-84)."""

    point: LatLon
    time: datetime


@dataclass(frozen=True, slots=True)
class DriverChoice:
    """A driver of the vehicle's unit, with what decides whether they may drive this ride.

    The licence is the one in force when the ride ends. `busy_until` is the end of an order that
    overlaps the period; `duty_s` is the time promised to orders on the day of the ride. `on_leave`:
    away in the period; `off_shift`: has shifts on that day, and the ride begins in none of them;
    `week_s`: what of other orders counts in the week of the ride's beginning (see `duty_hours`).
    """

    no: int
    licence_class: str
    licence_until: datetime | None
    busy_until: datetime | None
    duty_s: int
    on_leave: bool = False
    off_shift: bool = False
    week_s: int = 0

    @property
    def is_busy(self) -> bool:
        """Whether an order is promised to the driver that overlaps the period."""
        return self.busy_until is not None


@dataclass(frozen=True, slots=True)
class VehicleChoice:
    """A vehicle within the dispatcher's scope, with what decides whether it may serve.

    `busy_until` is the end of an order that overlaps the period; `overdue_since` the planned end
    of an order from which the vehicle has not returned; `state` how far it has come in its life;
    `sealed_by` the name of the sealing under which it stands in the period.

    `out_of_use`: by which kind of outage in the period, the gravest, and `out_of_use_until` its
    end, None while nobody knows; `insurance_ended`, `inspection_ended`: the instants after which
    the compulsory insurance and the annual inspection are known to be no longer valid;
    `closed_to_others`: the unit keeps its own vehicles to itself; `range_m`: how far an electric
    vehicle may still drive on the day of the ride, None where its figures are unknown.

    A new fact has a default, so that what was recorded without it can still be read.
    """

    no: int
    unit_no: int
    seats: int
    category: str
    holding: str
    base: LatLon | None
    fix: Fix | None
    busy_until: datetime | None
    overdue_since: datetime | None
    drivers: Sequence[DriverChoice]
    body: Body | None = None
    state: LifeState = LifeState.IN_USE
    sealed_by: str | None = None
    out_of_use: OutageKind | None = None
    out_of_use_until: datetime | None = None
    insurance_ended: datetime | None = None
    inspection_ended: datetime | None = None
    closed_to_others: bool = False
    range_m: int | None = None

    @property
    def seen_at(self) -> datetime | None:
        """When the vehicle was last seen."""
        return None if self.fix is None else self.fix.time

    @property
    def is_seen(self) -> bool:
        """Whether it is known where the vehicle was last."""
        return self.fix is not None

    @property
    def closed_unit_no(self) -> int | None:
        """The vehicle's unit where it keeps its own to itself, None otherwise."""
        return self.unit_no if self.closed_to_others else None

    @property
    def licence_needed(self) -> LicenceKind:
        """What a driver's licence must allow."""
        return kind_needed(self.body, self.seats)

    @property
    def has_base(self) -> bool:
        """Whether the vehicle has an approved place of its own."""
        return self.base is not None
