"""Which rules bind a person too: the one place that says so.

A suggestion leaves out a vehicle by any rule. Who assigns by hand may override a soft one with a
reason, which the order and the journal keep; a hard one never. Advice only orders suggestions:
whoever assigns all the same needs no reason, because they may know better where a vehicle is.
"""

from dispatch.eligibility.driver_rules import (
    DriverRule,
    driver_free,
    driver_on_shift,
    driver_present,
    duty_day,
    duty_week,
    licence_class,
    licence_valid,
)
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

HARD: frozenset[Rule] = frozenset({in_use, unsealed, no_defect, seats, free})
HARD_OF_DRIVERS: frozenset[DriverRule] = frozenset(
    {licence_class, licence_valid, driver_free, driver_present}
)

SOFT: tuple[Rule, ...] = (
    allowance,
    no_maintenance,
    insured,
    inspected,
    enforcement_only,
    courier_only,
    technical_only,
    category,
    cross_unit_open,
    in_range,
)
SOFT_OF_DRIVERS: tuple[DriverRule, ...] = (duty_day, duty_week)

# `driver` says of a whole unit what the rules on drivers say of each.
ADVICE: frozenset[Rule] = frozenset({back, terminal_fresh, placed, driver})
ADVICE_OF_DRIVERS: frozenset[DriverRule] = frozenset({driver_on_shift})
