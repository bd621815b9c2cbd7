"""Sharing: for dispatchers of the unit, and for whoever rides."""

from fleet.permissions import Permission as P
from tests.access.recipe import Ask, Recipe, hidden, roles_with
from tests.access.seeds.made import Seeds, id_of


def _guest(s: Seeds, **body: object) -> Ask:
    made = s.ids["guest"]
    assert isinstance(made, dict)
    return Ask(path={"request_id": id_of(made)}, body={"revision": made["revision"], **body})


def _joining(s: Seeds) -> Ask:
    order = s.ids["shared"]
    assert isinstance(order, dict)
    return _guest(s, order_id=order["id"], order_revision=order["revision"])


def _leaving(s: Seeds) -> Ask:
    order = s.ids["shared"]
    assert isinstance(order, dict)
    body = {
        "request_id": str(id_of(s.ids["rider"])),
        "revision": order["revision"],
        "reason": "单独派车",
    }
    return Ask(path={"order_id": id_of(order)}, body=body)


RECIPES: tuple[Recipe, ...] = (
    hidden(
        "GET /requests/{request_id}/sharing",
        lambda s: Ask(path={"request_id": id_of(s.ids["guest"])}),
        may=roles_with(P.REQUEST_READ),
    ),
    hidden(
        "POST /requests/{request_id}/sharing",
        lambda s: _guest(s, agreed=False),
        may=roles_with(P.REQUEST_READ),
        inside=frozenset({403}),
    ),
    hidden(
        "GET /requests/{request_id}/shared-rides",
        lambda s: Ask(path={"request_id": id_of(s.ids["guest"])}),
    ),
    hidden("POST /requests/{request_id}/join", _joining),
    hidden("POST /orders/{order_id}/leave", _leaving),
)
