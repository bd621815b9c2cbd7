"""Changes of an order, and warnings of what may need one."""

from collections.abc import Callable

from fleet.permissions import Permission as P
from fleet.words import Role
from tests.access.recipe import Ask, Recipe, hidden, listed, roles_with
from tests.access.seeds.made import Seeds, id_of


def _changing(wish: Callable[[Seeds], dict[str, object]]) -> Callable[[Seeds], Ask]:
    def ask(s: Seeds) -> Ask:
        order = s.ids["order"]
        assert isinstance(order, dict)
        body = {"revision": order["revision"], "reason": "临时调整", **wish(s)}
        return Ask(path={"order_id": id_of(order)}, body=body)

    return ask


def _change(action: str, wish: Callable[[Seeds], dict[str, object]]) -> Recipe:
    return hidden(
        f"POST /orders/{{order_id}}/{action}",
        _changing(wish),
        may=roles_with(P.ORDER_READ),
        only=frozenset({Role.DISPATCHER}),
    )


def _other_vehicle(s: Seeds) -> dict[str, object]:
    return {"vehicle_id": str(s.world.vehicles["a2"].id)}


def _other_driver(s: Seeds) -> dict[str, object]:
    return {"driver_id": str(s.world.drivers["a2"].id)}


def _later_end(s: Seeds) -> dict[str, object]:
    return {"end": s.hours(41, 42)["end"]}


RECIPES: tuple[Recipe, ...] = (
    _change("reassign", _other_vehicle),
    _change("swap_vehicle", _other_vehicle),
    _change("swap_driver", _other_driver),
    _change("extend", _later_end),
    listed("GET /orders/warnings", lambda s: Ask(marks=(str(id_of(s.ids["due_order"])),))),
)
