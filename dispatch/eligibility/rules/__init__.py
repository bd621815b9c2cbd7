"""May this vehicle serve this request? A list of named rules, each with its sentence.

A rule is a small pure function of (vehicle, need, at). The first rule that objects is the one
shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import At, Need
from dispatch.eligibility.rules.allowance import allowance
from dispatch.eligibility.rules.battery import in_range
from dispatch.eligibility.rules.category import (
    category,
    courier_only,
    enforcement_only,
    technical_only,
)
from dispatch.eligibility.rules.documents import inspected, insured
from dispatch.eligibility.rules.driver import driver
from dispatch.eligibility.rules.orders import back, free
from dispatch.eligibility.rules.outages import no_defect, no_maintenance
from dispatch.eligibility.rules.position import placed, terminal_fresh
from dispatch.eligibility.rules.rule import Rule
from dispatch.eligibility.rules.seats import seats
from dispatch.eligibility.rules.standing import in_use, unsealed
from dispatch.eligibility.rules.units import cross_unit_open

VERSION = 2
"""Raised whenever a rule, its sentence or the order of rules changes; kept with each suggestion."""

RULES: tuple[Rule, ...] = (
    allowance,
    in_use,
    unsealed,
    no_defect,
    no_maintenance,
    insured,
    inspected,
    enforcement_only,
    courier_only,
    technical_only,
    category,
    cross_unit_open,
    seats,
    in_range,
    free,
    back,
    terminal_fresh,
    placed,
    driver,
)

READS: Mapping[Rule, tuple[str, ...]] = {
    in_use: ("state",),
    unsealed: ("sealed_by",),
    allowance: (),
    no_defect: ("out_of_use", "out_of_use_until"),
    no_maintenance: ("out_of_use", "out_of_use_until"),
    insured: ("insurance_ended",),
    inspected: ("inspection_ended",),
    enforcement_only: ("category",),
    courier_only: ("category",),
    technical_only: ("category",),
    category: ("category",),
    cross_unit_open: ("closed_unit_no", "holding"),
    seats: ("seats",),
    in_range: ("range_m",),
    free: ("busy_until",),
    back: ("overdue_since",),
    terminal_fresh: ("seen_at",),
    placed: ("is_seen", "has_base"),
    driver: ("drivers", "licence_needed"),
}
"""All attributes of a vehicle on which a rule's answer rests; a test sees whether it reads others.

Vehicles that are equal in them are judged once, so few that are often equal make it fast:
`is_seen` or `seen_at` rather than `fix`. A rule that isn't here is asked about each vehicle.
"""

FRESHER_PASSES: frozenset[Rule] = frozenset({terminal_fresh})
"""Rules on `seen_at` that never let a vehicle pass and leave out one seen later, all else equal.

Of thousands of instants they are asked about the few between which the answer changes.
"""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A vehicle that may not serve, the rule that says so, and its sentence."""

    vehicle_no: int
    rule: str
    sentence: str


def objection(vehicle: VehicleChoice, need: Need, at: At) -> LeftOut | None:
    """Return the first rule that leaves the vehicle out, or None when it may serve."""
    for rule in RULES:
        sentence = rule(vehicle, need, at)
        if sentence is not None:
            return LeftOut(vehicle.no, rule.__name__, sentence)
    return None
