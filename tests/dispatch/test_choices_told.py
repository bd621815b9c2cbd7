"""Every choice of an order is told as its rows have it: who, when, why, and by which suggestion."""

from tests.dispatch.office import Json, Office, ok
from tests.dispatch.pairs import change, driver, vehicle
from tests.dispatch.test_replaying import assigned_by


def plate(office: Office, name: str) -> str:
    return office.world.vehicles[name].plate


async def told_of(office: Office, order: Json) -> Json:
    return ok(await office.get("dispatcher", f"/orders/{order['id']}/explanation"))


async def test_each_choice_is_told_with_its_own_person_reason_and_suggestion(
    office: Office,
) -> None:
    shown, order = await assigned_by(office)
    first = shown["candidates"][0]["vehicle"]["plate"]
    pair = {"vehicle_id": vehicle(office, "b1"), "driver_id": driver(office, "b1")}
    order = await change(office, order, "reassign", **pair, reason="首选车辆检修")
    told = await told_of(office, order)
    lines = told["lines"]
    assigned = next(n for n, line in enumerate(lines) if line.startswith(f"{first} with "))
    moved = next(n for n, line in enumerate(lines) if f"from {first} with" in line)
    assert "was assigned by" in lines[assigned]
    assert "rank 1" in lines[assigned]
    assert "首选车辆检修" not in "".join(lines[:moved])
    assert plate(office, "b1") in lines[moved]
    assert lines[moved].startswith("Reassigned by "), lines
    assert lines[moved + 1] == "Reason given: 首选车辆检修"
    assert "rank" in lines[moved]
    assert lines[-1] == "That suggestion is told above."
    assert told["replayed"] is True
    order = await change(office, order, "swap_driver", driver_id=driver(office, "b2"))
    lines = (await told_of(office, order))["lines"]
    assert lines[-3].startswith("Driver swapped by ")
    assert lines[-3].count(plate(office, "b1")) == 2
    assert "rank" not in lines[-3]
    assert lines[-1] == "No suggestion that can be replayed is recorded for this choice."


async def test_undone_order_keeps_the_suggestion_that_another_order_came_of_later(
    office: Office,
) -> None:
    shown, order = await assigned_by(office)
    ok(await office.step("dispatcher", order, "undo", revision=order["revision"]))
    request = ok(await office.get("dispatcher", f"/requests/{order['requests'][0]['id']}"))
    second = shown["candidates"][1]
    body = {
        "vehicle_id": second["vehicle"]["id"],
        "driver_id": second["driver"]["id"],
        "suggestion_id": shown["id"],
        "revision": request["revision"],
        "reason": "首选驾驶员请假",
    }
    path = f"/requests/{request['id']}/assignment"
    again = ok(await office.post("dispatcher", path, body), 201)
    for one, rank in ((order, "rank 1"), (again, "rank 2")):
        told = await told_of(office, one)
        assert told["replayed"] is True
        assert any("was assigned by" in line and rank in line for line in told["lines"])
