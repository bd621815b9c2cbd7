"""Vehicles and drivers of the office by their names, and changes of an order."""

from tests.dispatch.office import Json, Office, ok


def vehicle(office: Office, name: str) -> str:
    return str(office.world.vehicles[name].id)


def driver(office: Office, name: str) -> str:
    return str(office.world.drivers[name].id)


async def change(
    office: Office, order: Json, action: str, who: str = "dispatcher", **wish: object
) -> Json:
    body = {"revision": order["revision"], "reason": "临时调整", **wish}
    return ok(await office.post(who, f"/orders/{order['id']}/{action}", body))
