"""What was entered twice is found and merged, and keeps both histories."""

from datetime import timedelta

import httpx
from sqlalchemy import select

from fleet.tables import JournalEntry, Vehicle, VehicleTerminal, VehicleUnit
from kit.database import Sessions
from tests.fleet.exchange.sheets import send, xlsx
from tests.support.world import World, log_in

API = "/api/v1/duplicates"
NAMES = ("plate", "plate_colour", "unit", "model", "category", "holding", "seats", "energy")


async def test_a_vehicle_entered_twice_is_merged_with_its_terminal(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    twin = ("示A10001", "黄", "甲局", "轿车", "其他", "保留车辆", 5, "汽油")
    assert (await send(client, "vehicles/import", xlsx(NAMES, twin))).status_code == 200
    (found,) = (await client.get(f"{API}/vehicles")).json()["items"]
    assert (found["same"], found["value"]) == ("plate", "示A10001")
    old, new = (member["id"] for member in found["members"])
    merger = {"keep_id": new, "drop_id": old, "reason": "录入重复"}
    await log_in(client, "clerk_a")
    assert (await client.post(f"{API}/vehicles/merge", json=merger)).status_code == 403
    await log_in(client, "manager")
    answer = await client.post(f"{API}/vehicles/merge", json=merger)
    assert answer.status_code == 204, answer.text
    assert (await client.get(f"{API}/vehicles")).json()["items"] == []
    kept = (await client.get(f"/api/v1/vehicles/{new}")).json()
    assert kept["terminal"]["phone"] == world.terminals["a1"].phone
    async with sessions() as session:
        dropped = await session.scalar(select(Vehicle).where(Vehicle.id == old))
        assert dropped is not None
        assert dropped.withdrawn_at is not None
        for table in (VehicleUnit, VehicleTerminal):
            rows = await session.scalars(select(table).where(table.vehicle_no == dropped.no))
            assert all(row.period.upper is not None for row in rows)
        entry = await session.scalar(
            select(JournalEntry).where(JournalEntry.action == "vehicle.merge")
        )
    assert entry is not None
    assert entry.reason == "录入重复"
    assert entry.after["merged_into"] == new  # type: ignore[index]


async def test_vehicles_that_were_both_ordered_are_not_one(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "dispatcher")
    start = world.now + timedelta(hours=1)
    for key in ("a1", "a2"):
        order = {
            "kind": "service",
            "service_kind": "fuel",
            "vehicle_id": str(world.vehicles[key].id),
            "driver_id": str(world.drivers[key].id),
            "start": start.isoformat(),
            "end": (start + timedelta(hours=1)).isoformat(),
            "reason": "加油",
        }
        answer = await client.post("/api/v1/orders", json=order)
        assert answer.status_code == 201, answer.text
    await log_in(client, "manager")
    merger = {
        "keep_id": str(world.vehicles["a1"].id),
        "drop_id": str(world.vehicles["a2"].id),
        "reason": "x",
    }
    answer = await client.post(f"{API}/vehicles/merge", json=merger)
    assert answer.json()["type"] == "/problems/dropped-has-orders"
    same = merger | {"drop_id": merger["keep_id"]}
    answer = await client.post(f"{API}/vehicles/merge", json=same)
    assert answer.json()["type"] == "/problems/same-object"


async def test_a_unit_entered_twice_is_merged_into_the_other(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    file = xlsx(("机构名称", "上级机构", "机构类型"), ("甲 局", "机关事务中心", "用车单位"))
    assert (await send(client, "organisations/import", file)).status_code == 200
    (found,) = (await client.get(f"{API}/organisations")).json()["items"]
    assert found["same"] == "name"
    keep, drop = (member["id"] for member in found["members"])
    merger = {"keep_id": keep, "drop_id": drop, "reason": "录入重复"}
    answer = await client.post(f"{API}/organisations/merge", json=merger)
    assert answer.status_code == 204, answer.text
    assert (await client.get(f"{API}/organisations")).json()["items"] == []
