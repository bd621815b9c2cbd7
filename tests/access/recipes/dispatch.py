"""Requests, orders, filings: by permission over a unit, or because they are one's own."""

from collections.abc import Callable

from dispatch.checks.words import CheckItem
from fleet.permissions import Permission as P
from fleet.words import Role
from tests.access.cast import Where
from tests.access.recipe import Ask, Recipe, hidden, listed, roles_with, shared
from tests.access.seeds.made import Seeds, id_of
from tests.access.seeds.missions import call_up_wanted, mission_wanted
from tests.dispatch.office import wish
from tests.support.world import LATITUDE, LONGITUDE

_RUNS = frozenset({Role.DISPATCHER})
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


def _cancelled(s: Seeds) -> Ask:
    order = s.ids["order"]
    assert isinstance(order, dict)
    path: dict[str, object] = {"order_id": id_of(order), "action": "cancel"}
    return Ask(path=path, body={"revision": order["revision"], "reason": "会议取消"})


def _moved(s: Seeds) -> Ask:
    order = s.ids["order"]
    assert isinstance(order, dict)
    to = str(s.world.vehicles["a2"].id)
    path: dict[str, object] = {"order_id": id_of(order)}
    return Ask(path=path, body={"revision": order["revision"], "vehicle_id": to})


def _mission(name: str, **body: object) -> Callable[[Seeds], Ask]:
    def ask(s: Seeds) -> Ask:
        made = s.ids[f"mission_{name}"]
        return Ask(path={"mission_id": id_of(made)}, body=body or None)

    return ask


def _mission_rewritten(s: Seeds) -> Ask:
    made = _mission("draft")(s)
    return Ask(path=made.path, body={**mission_wanted(s, 600), "revision": 1})


def _mission_people(s: Seeds) -> Ask:
    runner = str(s.cast[Role.DISPATCHER, Where.INSIDE].person.id)
    made = _mission("draft")(s)
    return Ask(path=made.path, body={"reader_ids": [], "runner_ids": [runner]})


def _mission_rides(s: Seeds) -> list[str]:
    made = s.ids["mission_run"]
    assert isinstance(made, dict)
    return [str(ride["id"]) for ride in made["rides"]]


def _mission_busy(s: Seeds) -> Ask:
    made = s.ids["mission_run"]
    assert isinstance(made, dict)
    plate = str(made["rides"][0]["vehicle"]["plate"])
    return Ask(query=s.hours(639, 643), marks=(plate,))


def _mobilisation(**body: object) -> Callable[[Seeds], Ask]:
    def ask(s: Seeds) -> Ask:
        made = s.ids["mobilisation"]
        return Ask(path={"mobilisation_id": id_of(made)}, body=body or None)

    return ask


def _drive(s: Seeds, **times: str) -> dict[str, object]:
    place = {"name": "堤防", "latitude": LATITUDE, "longitude": LONGITUDE}
    return {
        "vehicle_id": str(s.vehicle.id),
        "driver_id": str(s.world.drivers["a1"].id),
        "passengers": 2,
        "purpose_text": "抢险",
        "origin": place,
        "destination": place,
        **times,
    }


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
    listed(
        "GET /board",
        lambda s: Ask(query=s.hours(39, 43), marks=(str(id_of(s.ids["order"])),)),
    ),
    listed(
        "GET /board/reservations",
        lambda s: Ask(query=s.hours(59, 63), marks=(str(id_of(s.ids["reservation"])),)),
    ),
    hidden("POST /orders/{order_id}/reassign/check", _moved),
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
        _cancelled,
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
    listed("GET /proposals"),
    hidden(
        "POST /proposals/{id}/answer",
        lambda s: Ask(path={"id": id_of(s.ids["order"])}, body={"agree": True}),
        inside=frozenset({404}),
    ),
    listed(
        "GET /missions",
        lambda s: Ask(marks=(str(id_of(s.ids["mission_run"])),)),
        may=_RUNS,
    ),
    hidden("POST /missions", lambda s: Ask(body=mission_wanted(s, 660))),
    listed("GET /missions/busy", _mission_busy),
    hidden("GET /missions/{mission_id}", _mission("run"), may=_RUNS),
    hidden("PUT /missions/{mission_id}", _mission_rewritten),
    hidden("PUT /missions/{mission_id}/people", _mission_people),
    hidden(
        "PUT /missions/{mission_id}/convoy-order",
        lambda s: Ask(
            path={"mission_id": id_of(s.ids["mission_run"])},
            body={"ride_ids": _mission_rides(s)},
        ),
    ),
    hidden("POST /missions/{mission_id}/plan", _mission("run")),
    hidden("POST /missions/{mission_id}/slips", _mission("run", most=1)),
    hidden("GET /missions/{mission_id}/arrivals", _mission("run"), may=_RUNS),
    hidden(
        "POST /missions/{mission_id}/rides/{ride_id}/replace",
        lambda s: Ask(
            path={
                "mission_id": id_of(s.ids["mission_run"]),
                "ride_id": _mission_rides(s)[0],
            },
            body={"reason": "故障"},
        ),
    ),
    hidden(
        "POST /missions/{mission_id}/{action}",
        lambda s: Ask(
            path={"mission_id": id_of(s.ids["mission_review"]), "action": "approve"},
            body={"revision": 1},
        ),
        may=_RUNS | roles_with(P.REQUEST_APPROVE),
        only=roles_with(P.REQUEST_APPROVE),
    ),
    listed(
        "GET /mobilisations",
        lambda s: Ask(marks=(str(id_of(s.ids["mobilisation"])),)),
    ),
    hidden(
        "POST /mobilisations",
        lambda s: Ask(body={**call_up_wanted(s.unit.id), "level": 2}),
    ),
    hidden("GET /mobilisations/{mobilisation_id}", _mobilisation()),
    hidden(
        "POST /mobilisations/{mobilisation_id}/end",
        _mobilisation(statement="险情解除"),
    ),
    hidden("GET /mobilisations/{mobilisation_id}/vehicles", _mobilisation()),
    hidden("GET /mobilisations/{mobilisation_id}/orders", _mobilisation()),
    hidden(
        "POST /mobilisations/{mobilisation_id}/orders",
        lambda s: _mobilisation(rides=[_drive(s, **s.hours(700, 701))])(s),
    ),
    hidden(
        "POST /mobilisations/{mobilisation_id}/back-entries",
        lambda s: _mobilisation(drives=[_drive(s, departed_at=s.later(hours=-1))])(s),
    ),
)
