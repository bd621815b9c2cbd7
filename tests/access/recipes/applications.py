"""Quotas, standards, and applications for a step of a vehicle's life."""

from tests.access.recipe import Ask, Recipe, hidden, listed, shared
from tests.access.seeds.applications import quota_wanted
from tests.access.seeds.made import id_of


def _act(name: str, **body: object) -> Recipe:
    states = {"submit": "draft", "withdraw": "submitted", "carry_out": "disposal"}
    made = f"application_{states.get(name, 'submitted')}"
    return hidden(
        f"POST /applications/{{id}}/{name}",
        lambda s: Ask(path={"id": id_of(s.ids[made])}, body=body),
    )


RECIPES: tuple[Recipe, ...] = (
    listed("GET /applications", lambda s: Ask(marks=(str(id_of(s.ids["application_draft"])),))),
    hidden("GET /applications/{id}", lambda s: Ask(path={"id": id_of(s.ids["application_draft"])})),
    hidden("POST /applications", lambda s: Ask(body=quota_wanted(s, 9))),
    hidden(
        "PUT /applications/{id}",
        lambda s: Ask(path={"id": id_of(s.ids["application_draft"])}, body=quota_wanted(s, 8)),
    ),
    _act("submit"),
    _act("withdraw"),
    _act("approve"),
    _act("send_back", reason="补充依据"),
    _act("reject", reason="超出编制"),
    _act("carry_out"),
    hidden("GET /quotas", lambda s: Ask(query={"organisation_id": s.unit.id})),
    hidden(
        "POST /quotas",
        lambda s: Ask(
            body={
                "organisation_id": str(s.unit.id),
                "category": "other_prescribed",
                "count": 9,
                "basis": "编办〔2026〕1",
            }
        ),
    ),
    shared("GET /standards"),
    hidden(
        "POST /standards",
        lambda s: Ask(
            body={
                "organisation_id": str(s.unit.id),
                "category": "other_prescribed",
                "price_fen": 18_000_000,
                "source": "国办发〔2017〕71号",
            }
        ),
    ),
    listed("GET /secret-vehicle-counts", lambda s: Ask(marks=(str(s.unit.id),))),
    hidden(
        "PUT /secret-vehicle-counts/{id}",
        lambda s: Ask(path={"id": s.unit.id}, body={"count": 1}),
    ),
)
