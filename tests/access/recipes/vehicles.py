"""Vehicles and terminals."""

from collections.abc import Callable

from fleet.vehicles.secrecy import plate_digest
from kit.clock import shanghai_day
from tests.access.recipe import Ask, Recipe, hidden, listed, shared
from tests.access.seeds.made import PNG, Seeds, id_of


def _new_vehicle(s: Seeds) -> Ask:
    return Ask(
        body={
            "plate": "示A19999",
            "plate_colour": "blue",
            "model": "轿车",
            "category": "other_prescribed",
            "seats": 5,
            "energy": "petrol",
            "holding": "retained",
            "organisation_id": str(s.unit.id),
        }
    )


def _document(s: Seeds) -> Ask:
    return Ask(path={"id": id_of(s.ids["document"])})


def _outage(s: Seeds) -> Ask:
    return Ask(path={"id": id_of(s.ids["outage"])}, body={"reason": "已保养"})


_LIFE: tuple[tuple[str, Callable[[Seeds], dict[str, object]]], ...] = (
    ("documents", lambda s: {"kind": "annual_inspection", "title": "年检"}),
    ("plates", lambda s: {"plate": "示A18888", "plate_colour": "blue"}),
    ("outages", lambda _: {"kind": "defect", "reason": "制动异响"}),
    ("transfers", lambda s: {"organisation_id": str(s.world.organisations["a1"].id)}),
    ("disposals", lambda s: {"method": "scrap", "reason": "报废"}),
    ("renewals", lambda s: {"day": f"{shanghai_day(s.now)}"}),
)


def _life(path: str, body: Callable[[Seeds], dict[str, object]]) -> Recipe:
    """A step of a vehicle's life."""
    return hidden(
        f"POST /vehicles/{{id}}/{path}",
        lambda s: Ask(path={"id": s.world.vehicles["a3"].id}, body=body(s)),
    )


RECIPES: tuple[Recipe, ...] = (
    listed("GET /vehicles", lambda s: Ask(marks=(s.vehicle.plate,))),
    hidden("POST /vehicles", _new_vehicle),
    hidden("GET /vehicles/{id}", lambda s: Ask(path={"id": s.vehicle.id})),
    listed("GET /outages", lambda s: Ask(marks=(str(id_of(s.ids["outage"])),))),
    hidden("POST /outages/{id}/end", _outage),
    listed("GET /terminals", lambda s: Ask(marks=(s.world.terminals["a1"].phone,))),
    hidden(
        "POST /terminals",
        lambda s: Ask(body={"phone": "13911112222", "organisation_id": str(s.unit.id)}),
    ),
    hidden(
        "POST /terminals/{id}/bindings",
        lambda s: Ask(
            path={"id": s.world.terminals["a1"].id},
            body={
                "vehicle_id": str(s.vehicle.id),
                "start": s.later(days=-60),
                "end": s.later(days=-50),
            },
        ),
    ),
    hidden(
        "POST /terminals/{id}/bindings/end",
        lambda s: Ask(path={"id": s.world.terminals["a1"].id}, body={}),
    ),
    hidden(
        "PATCH /vehicles/{id}", lambda s: Ask(path={"id": s.vehicle.id}, body={"model": "越野车"})
    ),
    *(_life(path, ask) for path, ask in _LIFE),
    hidden(
        "POST /vehicles/{id}/events",
        lambda s: Ask(
            path={"id": id_of(s.ids["registered"])},
            body={"kind": "allocated", "day": f"{shanghai_day(s.now)}"},
        ),
    ),
    hidden(
        "GET /vehicles/{id}/documents",
        lambda s: Ask(path={"id": s.vehicle.id}, marks=(str(id_of(s.ids["document"])),)),
    ),
    hidden("GET /vehicles/{id}/events", lambda s: Ask(path={"id": s.vehicle.id})),
    hidden(
        "GET /vehicles/{id}/plates",
        lambda s: Ask(path={"id": s.vehicle.id}, marks=(s.vehicle.plate,)),
    ),
    listed("GET /documents", lambda s: Ask(marks=(str(id_of(s.ids["document"])),))),
    hidden("DELETE /documents/{id}", _document),
    hidden(
        "PUT /documents/{id}/content",
        lambda s: Ask(path={"id": id_of(s.ids["empty_document"])}, content=PNG),
    ),
    hidden("GET /documents/{id}/content", _document),
    shared("GET /plate-refusals"),
    shared(
        "PUT /plate-refusals",
        # This installation has no key.
        lambda s: Ask(body={"key_check": plate_digest("", b"").hex(), "digests": []}),
    ),
)
