"""Requests, orders, filings: by permission over a unit, or because they are one's own."""

from dispatch.checks.words import CheckItem
from fleet.permissions import Permission as P
from fleet.words import Role
from tests.access.cast import Where
from tests.access.recipe import Ask, Recipe, hidden, listed, roles_with, shared
from tests.access.seeds import Seeds, id_of
from tests.dispatch.office import wish
from tests.support.world import LATITUDE, LONGITUDE

_SEE_REQUESTS = roles_with(P.REQUEST_READ)
_SEE_ORDERS = roles_with(P.ORDER_READ)


def _request(s: Seeds, name: str, **body: object) -> Ask:
    made = s.ids[name]
    assert isinstance(made, dict)
    return Ask(
        path={"request_id": id_of(made)},
        body={"revision": made["revision"], **body},
    )


def _wish(s: Seeds) -> Ask:
    return Ask(body={**wish(), **s.hours(70, 71), "organisation_id": str(s.unit.id)})


def _ride(s: Seeds) -> Ask:
    return Ask(
        body={
            "kind": "service",
            "service_kind": "fuel",
            "vehicle_id": str(s.vehicle.id),
            "driver_id": str(s.world.drivers["a1"].id),
            "reason": "加油",
            **s.hours(80, 81),
        }
    )


def _looked_over(s: Seeds) -> Ask:
    items = [{"item": one, "passed": True} for one in CheckItem]
    return Ask(path={"order_id": id_of(s.ids["order"])}, body={"items": items})


def _filing(s: Seeds) -> Ask:
    return Ask(path={"filing_id": id_of(s.ids["filing"])})


RECIPES: tuple[Recipe, ...] = (
    shared("GET /purposes"),
    listed(
        "GET /requests",
        lambda s: Ask(marks=(str(id_of(s.ids["asked"])),)),
        may=_SEE_REQUESTS,
    ),
    hidden("POST /requests", _wish),
    hidden(
        "GET /requests/{request_id}",
        lambda s: Ask(path={"request_id": id_of(s.ids["asked"])}),
        may=_SEE_REQUESTS,
    ),
    hidden(
        "GET /requests/{request_id}/approach",
        lambda s: Ask(path={"request_id": id_of(s.ids["asked"])}),
        may=roles_with(P.ORDER_ASSIGN),
    ),
    hidden(
        "POST /requests/{request_id}/{action}",
        lambda s: Ask(
            path={"request_id": id_of(s.ids["asked"]), "action": "approve"},
            body=_request(s, "asked").body,
        ),
        may=_SEE_REQUESTS,
        only=frozenset({Role.UNIT_APPROVER, Role.AUTHORITY_APPROVER}),
    ),
    hidden(
        "POST /requests/{request_id}/suggestions",
        lambda s: Ask(path={"request_id": id_of(s.ids["approved"])}),
    ),
    hidden(
        "GET /suggestions/{suggestion_id}",
        lambda s: Ask(path={"suggestion_id": id_of(s.ids["suggestion"])}),
    ),
    hidden(
        "GET /suggestions/{suggestion_id}/left-out",
        lambda s: Ask(path={"suggestion_id": id_of(s.ids["suggestion"])}),
    ),
    hidden(
        "GET /orders/{order_id}/explanation",
        lambda s: Ask(path={"order_id": id_of(s.ids["order"])}),
    ),
    hidden(
        "GET /vehicles/nearest-eligible",
        lambda s: Ask(
            query={
                "latitude": LATITUDE,
                "longitude": LONGITUDE,
                "organisation_id": str(s.unit.id),
            },
        ),
    ),
    hidden(
        "POST /requests/{request_id}/assignment",
        lambda s: _request(
            s,
            "approved",
            vehicle_id=str(s.vehicle.id),
            driver_id=str(s.world.drivers["a1"].id),
        ),
    ),
    listed(
        "GET /orders",
        lambda s: Ask(marks=(str(id_of(s.ids["order"])),)),
        may=_SEE_ORDERS,
    ),
    hidden("POST /orders", _ride),
    hidden(
        "GET /orders/{order_id}",
        lambda s: Ask(path={"order_id": id_of(s.ids["order"])}),
        may=_SEE_ORDERS,
    ),
    hidden(
        "GET /orders/{order_id}/slip",
        lambda s: Ask(path={"order_id": id_of(s.ids["order"])}),
        may=_SEE_ORDERS,
    ),
    hidden(
        "GET /orders/{order_id}/departure-checks",
        lambda s: Ask(path={"order_id": id_of(s.ids["order"])}),
        may=_SEE_ORDERS,
    ),
    hidden(
        "POST /orders/{order_id}/departure-check",
        _looked_over,
        may=_SEE_ORDERS,
        inside=frozenset({403}),
    ),
    hidden(
        "POST /orders/{order_id}/{action}",
        lambda s: Ask(
            path={"order_id": id_of(s.ids["order"]), "action": "cancel"},
            body={"reason": "会议取消"},
        ),
        may=_SEE_ORDERS,
        only=frozenset({Role.DISPATCHER}),
    ),
    listed("GET /filings", lambda s: Ask(marks=(str(id_of(s.ids["filing"])),))),
    hidden(
        "POST /filings",
        lambda s: Ask(
            body={
                "vehicle_id": str(s.vehicle.id),
                "kind": "night_away",
                "reason": "跨夜出差",
                **s.hours(90, 95),
            }
        ),
    ),
    hidden("POST /filings/{filing_id}/accept", _filing),
    hidden("POST /filings/{filing_id}/withdraw", _filing),
    listed("GET /duty-dispatchers", lambda s: Ask(marks=(str(id_of(s.ids["duty_dispatcher"])),))),
    hidden(
        "POST /duty-dispatchers",
        lambda s: Ask(
            body={
                "organisation_id": str(s.unit.id),
                "person_id": str(s.cast[Role.DISPATCHER, Where.INSIDE].person.id),
                **s.hours(920, 930),
            }
        ),
    ),
    hidden(
        "POST /duty-dispatchers/{id}/end",
        lambda s: Ask(path={"id": id_of(s.ids["duty_dispatcher"])}),
    ),
)
