"""Handing over, renewing and disposing: by date, and downstream is told."""

from datetime import timedelta

import httpx
from sqlalchemy import select

from fleet.tables import BindingChange, JournalEntry, VehiclePlate, VehicleTerminal, VehicleUnit
from kit.database import Sessions
from tests.fleet.vehicles.cars import API, car
from tests.support.world import World, log_in


async def test_a_transfer_of_the_past_moves_the_vehicle_and_tells_the_followers(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    vehicle = world.vehicles["a1"]
    address = f"{API}/vehicles/{vehicle.id}"
    at = world.now - timedelta(days=10)
    b = str(world.organisations["b"].id)
    body = {"organisation_id": b, "at": at.isoformat(), "reason": "调拨文件 7 号"}
    answer = await client.post(f"{address}/transfers", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["facts"]["from"]["name"] == "甲局"
    assert (await client.get(address)).json()["unit"]["name"] == "乙局"
    async with sessions() as session:
        uses = (
            await session.scalars(
                select(VehicleUnit)
                .where(VehicleUnit.vehicle_no == vehicle.no)
                .order_by(VehicleUnit.no)
            )
        ).all()
        changes = (
            await session.scalars(
                select(BindingChange.since)
                .where(BindingChange.vehicle_no == vehicle.no)
                .order_by(BindingChange.no.desc())
            )
        ).all()
        entries = (
            await session.scalars(
                select(JournalEntry).where(JournalEntry.action == "vehicle.transfer")
            )
        ).all()
    assert uses[0].period.upper == uses[1].period.lower == at
    assert uses[1].period.upper is None
    assert changes[0] == at
    assert {e.organisation_no for e in entries} == {
        world.organisations["a"].no,
        world.organisations["b"].no,
    }
    again = await client.post(f"{address}/transfers", json=body)
    assert again.json()["type"] in {"/problems/same-unit", "/problems/outside-use"}
    a = str(world.organisations["a"].id)
    earlier = {"organisation_id": a, "at": (at - timedelta(days=1)).isoformat()}
    refused = await client.post(f"{address}/transfers", json=earlier)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/outside-use")
    later = {"organisation_id": a, "at": (world.now + timedelta(days=9)).isoformat()}
    assert (await client.post(f"{address}/transfers", json=later)).status_code == 422

    # Nobody beside the unit gives or takes: B's clerk sees it, A's does not any more.
    await log_in(client, "clerk_a")
    assert (await client.get(address)).status_code == 404
    await log_in(client, "clerk_b")
    assert (await client.get(f"{address}/events")).status_code == 200
    assert (await client.post(f"{address}/transfers", json=body)).status_code == 403


async def test_a_disposed_vehicle_keeps_its_history_and_frees_its_plate(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    vehicle = world.vehicles["a1"]
    address = f"{API}/vehicles/{vehicle.id}"
    no_method = await client.post(f"{address}/disposals", json={})
    assert no_method.json()["type"] == "/problems/method-missing"
    body = {"method": "scrap", "income_fen": 500_000}
    answer = await client.post(f"{address}/disposals", json=body)
    assert answer.status_code == 201, answer.text
    twice = await client.post(f"{address}/disposals", json=body)
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/vehicle-gone")
    for path in ("/transfers", "/plates", "/renewals"):
        late = {
            "/transfers": {"organisation_id": str(world.organisations["b"].id)},
            "/plates": {"plate": "示A30001", "plate_colour": "blue"},
            "/renewals": {"day": "2026-01-01"},
        }[path]
        assert (await client.post(address + path, json=late)).status_code == 409, path
    assert (await client.get(address)).json()["state"] == "disposed"
    listed = (await client.get(f"{API}/vehicles")).json()["items"]
    assert str(vehicle.id) not in [one["id"] for one in listed]
    gone = (await client.get(f"{API}/vehicles?gone=true")).json()["items"]
    assert [one["id"] for one in gone] == [str(vehicle.id)]
    async with sessions() as session:
        for of, period in (
            (VehicleUnit.vehicle_no, VehicleUnit.period),
            (VehiclePlate.vehicle_no, VehiclePlate.period),
            (VehicleTerminal.vehicle_no, VehicleTerminal.period),
        ):
            rows = (await session.scalars(select(period).where(of == vehicle.no))).all()
            assert [row.upper is None for row in rows] == [False], of
    heir = await client.post(f"{API}/vehicles", json=car(world, plate="示A10001"))
    assert heir.status_code == 201, heir.text

    await log_in(client, "clerk_a")
    last = (await client.get(f"{address}/events")).json()["items"][-1]
    assert (last["kind"], last["masked"]) == ("disposed", ["income_fen"])


async def test_a_renewal_links_the_old_vehicle_and_the_new_one(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    old = world.vehicles["a1"]
    body = car(world, replaces_id=str(old.id))
    answer = await client.post(f"{API}/vehicles", json=body)
    assert answer.status_code == 201, answer.text
    seen = (await client.get(f"{API}/vehicles/{old.id}")).json()
    assert seen["state"] == "renewed"
    events = (await client.get(f"{API}/vehicles/{old.id}/events")).json()["items"]
    by_kind = {one["kind"]: one["facts"] for one in events}
    assert by_kind["renewed"] == {"early": True, "renewal_years": 8, "rule_version": 0}
    assert by_kind["changed"]["replaced_by"]["plate"] == "示A20001"
    new = (await client.get(f"{API}/vehicles/{answer.json()['id']}/events")).json()["items"]
    assert new[-1]["facts"]["replaces"]["id"] == str(old.id)


async def test_steps_of_a_life_follow_each_other(client: httpx.AsyncClient, world: World) -> None:
    await log_in(client, "manager")
    made = await client.post(f"{API}/vehicles", json=car(world, stage="registered"))
    address = f"{API}/vehicles/{made.json()['id']}"
    assert made.json()["state"] == "registered"
    today = (await client.get(f"{address}/events")).json()["items"][0]["day"]
    use = {"kind": "put_in_use", "day": today}
    early = await client.post(f"{address}/events", json=use)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/illegal-step")
    allocated = await client.post(f"{address}/events", json=use | {"kind": "allocated"})
    assert allocated.json()["state"] == "allocated"
    assert (await client.post(f"{address}/events", json=use)).json()["state"] == "in_use"
    before = await client.post(f"{address}/events", json=use | {"day": "2001-01-01"})
    assert before.status_code == 409


async def test_pages_of_a_life_hold_every_event_once(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    address = f"{API}/vehicles/{world.vehicles['a1'].id}"
    for seats in range(6, 12):
        assert (await client.patch(address, json={"seats": seats})).status_code == 200
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await client.get(f"{address}/events?limit=2{cursor}")).json()
        seen += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(seen) == len(set(seen)) == 9
