"""Places, calendar, sealing windows, letters of external supervisors."""

from tests.access.recipe import Ask, Recipe, hidden, listed, shared
from tests.access.seeds.made import Seeds, id_of


def _notice(s: Seeds) -> Ask:
    return Ask(
        body={
            "year": 2027,
            "source": "通知〔2026〕9",
            "holidays": [{"name": "元旦", "first": "2027-01-01", "last": "2027-01-03"}],
            "makeup_workdays": [],
        }
    )


def _window(s: Seeds) -> Ask:
    return Ask(
        body={
            "name": "春节封存",
            "basis": "通知〔2026〕2",
            "organisation_id": str(s.unit.id),
            **s.hours(700, 800),
        }
    )


RECIPES: tuple[Recipe, ...] = (
    listed("GET /places", lambda s: Ask(marks=(str(s.world.bases["a"].id),))),
    hidden(
        "POST /places",
        lambda s: Ask(
            body={
                "name": "甲局新停车场",
                "kind": "base",
                "organisation_id": str(s.unit.id),
                "latitude": 40.0,
                "longitude": 110.0,
                "radius_m": 100,
            }
        ),
    ),
    listed("GET /grants", lambda s: Ask(marks=(str(s.ids["grant"]),))),
    hidden("GET /grants/{grant_id}", lambda s: Ask(path={"grant_id": s.ids["grant"]})),
    hidden(
        "POST /grants/{grant_id}/end",
        lambda s: Ask(path={"grant_id": s.ids["grant"]}, body={"reason": "核查结束"}),
    ),
    hidden(
        "POST /grants",
        lambda s: Ask(
            body={
                "letter_no": "函〔2026〕99",
                "issuer_kind": "audit_office",
                "issuer_name": "示例市审计局",
                "person_id": str(s.person("visitor_a").id),
                "organisation_id": str(s.unit.id),
                "matter": "经济责任审计",
                "end": s.later(days=30),
            }
        ),
    ),
    shared("GET /calendar", lambda s: Ask(query={"year": 2026})),
    shared("GET /calendar/days/{day}", lambda s: Ask(path={"day": "2026-10-01"})),
    shared("GET /calendar/versions"),
    # The nation's calendar belongs to the top of the tree; a region's to its organisations.
    hidden("POST /calendar/preview", _notice, top=True),
    hidden("POST /calendar/import", _notice, top=True),
    listed(
        "GET /sealings",
        lambda s: Ask(marks=(str(id_of(s.ids["sealing"])),)),
        inherited=True,
    ),
    hidden("POST /sealings", _window),
    hidden("POST /sealings/preview", _window),
    hidden(
        "POST /sealings/{sealing_id}/end",
        lambda s: Ask(path={"sealing_id": id_of(s.ids["sealing"])}, body={"reason": "提前结束"}),
    ),
    hidden(
        "GET /sealings/{sealing_id}/vehicles",
        lambda s: Ask(path={"sealing_id": id_of(s.ids["sealing"])}),
        inherited=True,
    ),
    hidden(
        "GET /sealings/{sealing_id}/orders",
        lambda s: Ask(path={"sealing_id": id_of(s.ids["sealing"])}),
        inherited=True,
    ),
    shared("GET /retention"),
    hidden(
        "PUT /retention",
        lambda s: Ask(body={"rules": [{"kind": "tracks", "keep_days": 1200}], "reason": "延长"}),
        top=True,
    ),
    listed("GET /holds", lambda s: Ask(marks=(str(id_of(s.ids["hold"])),))),
    hidden(
        "POST /holds",
        lambda s: Ask(
            body={
                "case_number": "核〔2026〕2",
                "reason": "复核",
                "vehicle_id": str(s.vehicle.id),
                **s.hours(-20, 1),
            }
        ),
    ),
    hidden(
        "POST /holds/{hold_id}/release",
        lambda s: Ask(path={"hold_id": id_of(s.ids["hold"])}, body={"reason": "结案"}),
    ),
)
