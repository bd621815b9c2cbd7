"""People, roles, drivers, delegations, duty, custody."""

from fleet.words import Role
from tests.access.recipe import EVERYBODY, Ask, Recipe, hidden, listed, shared
from tests.access.seeds.made import Seeds, id_of


def _clerk(s: Seeds, **body: object) -> Ask:
    return Ask(path={"id": s.person("clerk_a").id}, body=body or None)


def _driver(s: Seeds, **body: object) -> Ask:
    return Ask(path={"id": s.world.drivers["a2"].id}, body=body or None)


RECIPES: tuple[Recipe, ...] = (
    listed(
        "GET /people", lambda s: Ask(query={"limit": 500}, marks=(str(s.person("clerk_a").id),))
    ),
    hidden(
        "POST /people",
        lambda s: Ask(
            body={
                "username": "new_clerk",
                "name": "新人",
                "roles": [{"role": "unit_clerk", "organisation_id": str(s.unit.id)}],
            }
        ),
    ),
    hidden("GET /people/{id}", _clerk),
    hidden("GET /people/{id}/allowances", _clerk),
    hidden("PUT /people/{id}/allowance", lambda s: _clerk(s, draws_allowance=False)),
    hidden("PATCH /people/{id}", lambda s: _clerk(s, name="改名")),
    hidden("POST /people/{id}/disable", lambda s: _clerk(s, reason="调离")),
    hidden(
        "POST /people/{id}/enable",
        lambda s: Ask(path={"id": s.person("gone_a").id}, body={"reason": "返岗"}),
    ),
    hidden(
        "POST /people/{id}/roles",
        lambda s: _clerk(s, role="applicant", organisation_id=str(s.unit.id)),
    ),
    hidden(
        "POST /people/{id}/roles/end",
        lambda s: _clerk(s, role="unit_clerk", organisation_id=str(s.unit.id), reason="调离"),
    ),
    listed("GET /drivers", lambda s: Ask(marks=(str(s.world.drivers["a1"].id),))),
    hidden(
        "POST /drivers",
        lambda s: Ask(
            body={
                "person_id": str(s.person("clerk_a").id),
                "licence_class": "C1",
                "organisation_id": str(s.unit.id),
            }
        ),
    ),
    hidden("GET /drivers/{id}", _driver),
    hidden("PATCH /drivers/{id}", lambda s: _driver(s, licence_class="A1")),
    hidden(
        "POST /drivers/{id}/transfer",
        lambda s: _driver(s, organisation_id=str(s.world.organisations["a1"].id), reason="调整"),
    ),
    hidden("GET /drivers/{id}/duty", lambda s: _driver(s)),
    hidden("GET /drivers/{id}/leaves", lambda s: _driver(s)),
    hidden("GET /drivers/{id}/shifts", lambda s: _driver(s)),
    hidden(
        "POST /drivers/{id}/leaves",
        lambda s: _driver(s, kind="annual", reason="年休假", **s.hours(500, 510)),
    ),
    hidden(
        "POST /drivers/{id}/shifts", lambda s: _driver(s, kind="day_shift", **s.hours(520, 528))
    ),
    hidden("POST /leaves/{id}/end", lambda s: Ask(path={"id": id_of(s.ids["leave"])})),
    hidden("POST /shifts/{id}/end", lambda s: Ask(path={"id": id_of(s.ids["shift"])})),
    # Delegations are everybody's own: what others have lent is not there for them.
    shared("GET /delegations"),
    hidden(
        "POST /delegations",
        lambda s: Ask(
            body={
                "deputy_id": str(s.person("visitor_a").id),
                "role": "unit_clerk",
                "organisation_id": str(s.unit.id),
                "end": s.later(days=5),
                "reason": "出差",
            }
        ),
        may=EVERYBODY,
        only=frozenset({Role.UNIT_CLERK}),
    ),
    hidden(
        "POST /delegations/{id}/end",
        lambda s: Ask(path={"id": s.ids["delegation"]}),
        may=frozenset({Role.UNIT_APPROVER}),
    ),
    listed("GET /rosters", lambda s: Ask(marks=(str(id_of(s.ids["roster"])),))),
    hidden(
        "POST /rosters",
        lambda s: Ask(
            body={
                "organisation_id": str(s.unit.id),
                "kind": "regular_duty",
                "person_id": str(s.person("clerk_a").id),
                **s.hours(600, 610),
            }
        ),
    ),
    hidden("POST /rosters/{id}/end", lambda s: Ask(path={"id": id_of(s.ids["roster"])})),
    listed("GET /custodies", lambda s: Ask(marks=(str(id_of(s.ids["custody"])),))),
    hidden("GET /custodies/{id}/holders", lambda s: Ask(path={"id": id_of(s.ids["custody"])})),
    hidden(
        "POST /custodies",
        lambda s: Ask(
            body={
                "vehicle_id": str(s.vehicle.id),
                "kind": "fuel_card",
                "holder": {"organisation_id": str(s.unit.id)},
            }
        ),
    ),
    hidden(
        "POST /custodies/{id}/handovers",
        lambda s: Ask(
            path={"id": id_of(s.ids["custody"])},
            body={"to": {"person_id": str(s.person("clerk_a").id)}},
        ),
    ),
    hidden(
        "POST /custodies/{id}/end",
        lambda s: Ask(path={"id": id_of(s.ids["custody"])}, body={"reason": "遗失"}),
    ),
)
