"""Lists that only go out as files."""

from collections.abc import Callable

from tests.access.recipe import Ask, listed, marked, shared
from tests.access.seeds.made import Seeds

# What they hold of A is a vehicle's plate, or words of A's own.
_OUT: dict[str, Callable[[Seeds], str]] = {
    "requests": lambda s: "参加工作会议",
    "orders": lambda s: s.vehicle.plate,
    "filings": lambda s: s.vehicle.plate,
    "findings": lambda s: s.vehicle.plate,
    "custodies": lambda s: s.vehicle.plate,
    "data-quality": lambda s: s.world.terminals["a1"].phone,
    "grants": lambda s: "函〔2026〕inside",
    "holds": lambda s: "核〔2026〕1",
    "leaves": lambda s: s.person("driver_a2").name,
    "quotas": lambda s: "编办〔2026〕1",
    "rosters": lambda s: s.vehicle.plate,
    "shifts": lambda s: s.person("driver_a2").name,
}

RECIPES = [
    *(
        listed(f"GET /exchange/{name}.{form}", marked(mark))
        for name, mark in _OUT.items()
        for form in ("csv", "xlsx")
    ),
    # A sealing over A holds in its sections too.
    *(
        listed(f"GET /exchange/sealings.{form}", lambda s: Ask(marks=("节日封存",)), inherited=True)
        for form in ("csv", "xlsx")
    ),
    *(
        listed(f"GET /exchange/mandates.{form}", lambda s: Ask(marks=("甲局",)))
        for form in ("csv", "xlsx")
    ),
    *(shared(f"GET /exchange/standards.{form}") for form in ("csv", "xlsx")),
]
