"""Lists that go out and come in as files.

What an import may touch is tried row by row in tests/fleet/exchange; here it is tried who may.
"""

from collections.abc import Callable
from uuid import UUID

from tests.access.recipe import Ask, Recipe, hidden, listed, marked, nothing, shared
from tests.access.seeds import Seeds, id_of

_MARKS: dict[str, Callable[[Seeds], str]] = {
    "vehicles": lambda s: s.vehicle.plate,
    "places": lambda s: s.world.bases["a"].name,
    "drivers": lambda s: s.person("driver_a1").name,
    "people": lambda s: s.person("visitor_a").username,
    "terminals": lambda s: s.world.terminals["a1"].phone,
}


def _file(_seeds: Seeds) -> Ask:
    return Ask(
        files={"file": ("list.csv", b"\xef\xbb\xbfno,such,columns\r\n1,2,3\r\n", "text/csv")}
    )


def _export(name: str, form: str) -> Recipe:
    if name != "organisations":
        return listed(f"GET /exchange/{name}.{form}", marked(_MARKS[name]))
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


RECIPES = [
    *(recipe for name in (*_MARKS, "organisations") for recipe in _of(name)),
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
