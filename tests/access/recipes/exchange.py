"""Lists that go out and come in as files.

What an import may touch is tried row by row in tests/fleet/exchange; here it is tried who may.
"""

from collections.abc import Callable
from uuid import UUID

from tests.access.recipe import Ask, Recipe, hidden, listed, nothing, shared
from tests.access.seeds import Seeds, id_of

_MARKS: dict[str, Callable[[Seeds], str]] = {
    "vehicles": lambda s: s.vehicle.plate,
    "places": lambda s: s.world.bases["a"].name,
    "drivers": lambda s: s.person("driver_a1").name,
    "people": lambda s: s.person("visitor_a").username,
    "terminals": lambda s: s.world.terminals["a1"].phone,
}


def _marked(mark: Callable[[Seeds], str]) -> Callable[[Seeds], Ask]:
    return lambda s: Ask(marks=(mark(s),))


def _file(_seeds: Seeds) -> Ask:
    return Ask(
        files={"file": ("list.csv", b"\xef\xbb\xbfno,such,columns\r\n1,2,3\r\n", "text/csv")}
    )


def _export(name: str, form: str) -> Recipe:
    if name != "organisations":
        return listed(f"GET /exchange/{name}.{form}", _marked(_MARKS[name]))
    # A's name as a cell of its own: those of A's sections begin with it.
    cell = {"csv": "\n甲局,", "xlsx": ">甲局<"}[form]
    return listed(f"GET /exchange/{name}.{form}", lambda s: Ask(marks=(cell,)))


def _of(name: str) -> list[Recipe]:
    return [
        *(_export(name, form) for form in ("csv", "xlsx")),
        shared(f"GET /exchange/{name}/template.xlsx", nothing),
        *(
            shared(f"POST /exchange/{name}/{act}", _file, inside=frozenset({200, 201, 422}))
            for act in ("dry-run", "import")
        ),
    ]


def _merger(keep: UUID, drop: UUID) -> Ask:
    return Ask(body={"keep_id": str(keep), "drop_id": str(drop), "reason": "重复登记"})


# Lists that only go out; what they hold of A is a vehicle's plate, or words of A's own.
_OUT: dict[str, Callable[[Seeds], str]] = {
    "requests": lambda s: "参加工作会议",
    "orders": lambda s: s.vehicle.plate,
    "filings": lambda s: s.vehicle.plate,
    "findings": lambda s: s.vehicle.plate,
    "custodies": lambda s: s.vehicle.plate,
    "grants": lambda s: "函〔2026〕inside",
    "holds": lambda s: "核〔2026〕1",
    "leaves": lambda s: s.person("driver_a2").name,
    "rosters": lambda s: s.vehicle.plate,
    "shifts": lambda s: s.person("driver_a2").name,
}

RECIPES = [
    *(recipe for name in (*_MARKS, "organisations") for recipe in _of(name)),
    *(
        listed(f"GET /exchange/{name}.{form}", _marked(mark))
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
    # A has no quota yet: that somebody is let in is what counts.
    *(shared(f"GET /exchange/quotas.{form}") for form in ("csv", "xlsx")),
    shared("GET /exchange/quotas/template.xlsx", nothing),
    *(
        shared(f"POST /exchange/quotas/{act}", _file, inside=frozenset({200, 201, 422}))
        for act in ("dry-run", "import")
    ),
    listed("GET /duplicates/vehicles", nothing),
    listed("GET /duplicates/organisations", nothing),
    hidden(
        "POST /duplicates/vehicles/merge",
        lambda s: _merger(s.world.vehicles["a2"].id, s.world.vehicles["a3"].id),
        # Two that have both driven are no doubles.
        inside=frozenset({204, 409, 422}),
    ),
    hidden(
        "POST /duplicates/organisations/merge",
        lambda s: _merger(id_of(s.ids["heir"]), id_of(s.ids["leaf"])),
        inside=frozenset({204, 409, 422}),
    ),
]
