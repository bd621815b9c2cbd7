"""A merger moves everything by date, and history still resolves to the old organisation."""

from datetime import timedelta

import httpx
from sqlalchemy import select

from fleet.lists import in_force
from fleet.tables import JournalEntry, Organisation, VehicleUnit
from kit.database import Sessions, transaction
from tests.support.world import World, log_in

API = "/api/v1/organisations"


async def _merge(
    client: httpx.AsyncClient, world: World, old: str, new: str, **more: object
) -> httpx.Response:
    path = f"{API}/{world.organisations[old].id}/mergers"
    body = {"successor_id": str(world.organisations[new].id), **more}
    return await client.post(path, json=body)


async def test_all_that_belonged_to_the_old_unit_belongs_to_the_new_one(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    at = world.now - timedelta(days=2)
    answer = await _merge(client, world, "a", "b", at=at.isoformat(), reason="机构改革")
    assert answer.status_code == 201, answer.text
    assert answer.json()["parent"]["name"] == "乙局"
    async with transaction(sessions) as session:
        for instant, unit in ((at - timedelta(seconds=1), "甲局"), (at, "乙局")):
            found = await session.scalar(
                select(Organisation.name)
                .join(VehicleUnit, VehicleUnit.organisation_no == Organisation.no)
                .where(
                    VehicleUnit.vehicle_no == world.vehicles["a1"].no,
                    in_force(VehicleUnit.period, instant),
                )
            )
            assert found == unit
        entry = await session.scalar(
            select(JournalEntry).where(JournalEntry.action == "organisation.merge")
        )
        assert entry is not None
        assert entry.after is not None
        assert entry.after["moved"] == {
            "vehicles": 3,
            "drivers": 2,
            "roles": 5,
            "organisations": 0,
            "mandates": 4,
            "custodies": 0,
            "rosters": 0,
            "quotas": 0,
            "terminals": 3,
            "places": 1,
        }
    await log_in(client, "clerk_a")
    plates = {one["plate"] for one in (await client.get("/api/v1/vehicles")).json()["items"]}
    assert {"示A10001", "示B10001"} <= plates


async def test_history_names_both_sides_of_a_merger(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    assert (await _merge(client, world, "a", "b")).status_code == 201
    old = (await client.get(f"{API}/{world.organisations['a'].id}")).json()
    new = (await client.get(f"{API}/{world.organisations['b'].id}")).json()
    assert old["successor"]["organisation"]["name"] == "乙局"
    assert [one["organisation"]["name"] for one in new["predecessors"]] == ["甲局"]
    assert old["ended_at"] == old["successor"]["at"] == new["predecessors"][0]["at"]
    await log_in(client, "clerk_b")
    assert (await client.get(f"{API}/{world.organisations['a'].id}")).status_code == 200
    await log_in(client, "manager")
    assert (await _merge(client, world, "b", "a")).json()["type"] == "/problems/organisation-ended"


async def test_the_dispatcher_keeps_reaching_what_a_merged_bureau_dispatched(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    made = await client.post(API, json={"name": "新中心", "kind": "bureau"})
    world.organisations["new"] = Organisation(id=made.json()["id"])
    assert (await _merge(client, world, "b", "new")).status_code == 201
    await log_in(client, "dispatcher")
    plates = {one["plate"] for one in (await client.get("/api/v1/vehicles")).json()["items"]}
    assert {"示A10001", "示B10001"} <= plates


async def test_a_merger_is_refused_ahead_below_and_under_later_changes(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    ahead = (world.now + timedelta(days=1)).isoformat()
    early = (world.since - timedelta(days=1)).isoformat()
    for old, new, at, problem in (
        ("a", "b", ahead, "not-yet"),
        ("a", "b", early, "later-change"),
        ("bureau", "a", None, "tree-circle"),
        ("a", "a", None, "tree-circle"),
    ):
        answer = await _merge(client, world, old, new, at=at)
        assert answer.json()["type"] == f"/problems/{problem}"
