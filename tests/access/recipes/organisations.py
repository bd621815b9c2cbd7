"""The tree of organisations, mandates, rules by level, regions, sums of the fleet."""

from tests.access.recipe import Ask, hidden, listed, shared
from tests.access.seeds.made import Seeds, id_of


def _leaf(s: Seeds, **body: object) -> Ask:
    return Ask(path={"id": id_of(s.ids["leaf"])}, body=body or None)


RECIPES = (
    # The lines of A's sections name A too, as what stands above them.
    listed("GET /organisations", lambda s: Ask(marks=(f'{s.unit.id}","name":"甲局","kind"',))),
    hidden(
        "POST /organisations",
        lambda s: Ask(body={"name": "甲局二处", "kind": "unit", "parent_id": str(s.unit.id)}),
    ),
    hidden("GET /organisations/{id}", lambda s: Ask(path={"id": s.unit.id}, marks=("甲局",))),
    hidden("PATCH /organisations/{id}", lambda s: _leaf(s, kind="bureau", reason="更正")),
    hidden("POST /organisations/{id}/end", lambda s: _leaf(s, reason="撤销")),
    hidden(
        "POST /organisations/{id}/mergers",
        lambda s: _leaf(s, successor_id=str(id_of(s.ids["heir"]))),
    ),
    hidden("POST /organisations/{id}/names", lambda s: _leaf(s, name="甲局(新)")),
    hidden(
        "POST /organisations/{id}/parents",
        lambda s: _leaf(s, parent_id=str(id_of(s.ids["heir"]))),
    ),
    listed("GET /mandates", lambda s: Ask(marks=(str(s.unit.id),))),
    hidden(
        "POST /mandates",
        lambda s: Ask(
            body={
                "holder_id": str(s.unit.id),
                "over_id": str(s.world.organisations["a1"].id),
                "matter": "approve",
            }
        ),
    ),
    shared("GET /regions"),
    hidden("GET /fleet/summary", lambda s: Ask(query={"organisation_id": s.unit.id})),
    hidden("GET /rules/values", lambda s: Ask(query={"organisation_id": s.unit.id})),
    hidden(
        "PUT /rules/values/{key}",
        lambda s: Ask(
            path={"key": "over_quota"},
            body={"value": "flag", "organisation_id": str(s.unit.id), "reason": "试行"},
        ),
    ),
    hidden(
        "POST /rules/values/{key}/end",
        lambda s: Ask(
            path={"key": "over_standard"},
            body={"organisation_id": str(s.unit.id), "reason": "期满"},
        ),
    ),
    hidden(
        "POST /mandates/{id}/end",
        lambda s: Ask(path={"id": s.ids["mandate"]}, body={"reason": "收回"}),
    ),
)
