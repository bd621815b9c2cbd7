"""Writes to the register: inside one's scope, in the right form, and journalled."""

import httpx
import pytest
from sqlalchemy import select

from fleet.identity.first_start import ensure_first_administrator
from fleet.tables import JournalEntry, Vehicle
from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.settings import Settings
from tests.support.apps import app_over
from tests.support.world import World, client_of, log_in

API = "/api/v1"


def car(world: World, **changes: object) -> dict[str, object]:
    return {
        "plate": "示A·20001",
        "plate_colour": "blue",
        "model": "轿车",
        "category": "other_prescribed",
        "seats": 5,
        "energy": "petrol",
        "holding": "retained",
        "organisation_id": str(world.organisations["a"].id),
        "base_id": str(world.bases["a"].id),
    } | changes


async def test_a_new_vehicle_stands_in_the_register_and_in_the_journal(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    answer = await client.post(f"{API}/vehicles", json=car(world))
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert body["plate"] == "示A20001"
    assert body["unit"]["name"] == "甲局"
    assert body["base"]["name"] == "甲局停车场"
    assert (await client.get(f"{API}/vehicles/{body['id']}")).json() == body
    async with sessions() as session:
        entry = await session.scalar(
            select(JournalEntry).where(JournalEntry.object_id == body["id"])
        )
    assert entry is not None
    assert entry.actor_name == "manager"
    assert entry.action == "vehicle.add"
    assert entry.after is not None
    assert entry.after["plate"] == "示A20001"


@pytest.mark.parametrize("plate", ["A12345", "示I12345", "示A1234", "示A12345678", "<script>"])
async def test_what_is_no_plate_is_refused(
    client: httpx.AsyncClient, world: World, plate: str
) -> None:
    await log_in(client, "manager")
    answer = await client.post(f"{API}/vehicles", json=car(world, plate=plate))
    assert answer.status_code == 422


async def test_invented_plates_exist_only_in_the_demo(
    world: World, sessions: Sessions, database_url: str
) -> None:
    app = app_over(Settings(database_url=database_url, demo=False), sessions)
    async with client_of(app) as client:
        await log_in(client, "manager")
        refused = await client.post(f"{API}/vehicles", json=car(world))
        assert refused.json()["type"] == "/problems/bad-plate"
        real = await client.post(f"{API}/vehicles", json=car(world, plate="蒙A20001"))
        assert real.status_code == 201


async def test_a_second_vehicle_with_the_plate_is_refused_and_leaves_nothing(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    answer = await client.post(f"{API}/vehicles", json=car(world, plate="示A10001"))
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/plate-taken"
    async with sessions() as session:
        plates = (await session.scalars(select(Vehicle.plate))).all()
        added = (
            await session.scalars(
                select(JournalEntry.no).where(
                    JournalEntry.actor_name == "manager", JournalEntry.action == "vehicle.add"
                )
            )
        ).all()
    assert len(plates) == 8
    assert added == []


async def test_a_member_that_is_not_known_is_refused(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    answer = await client.post(f"{API}/vehicles", json=car(world, withdrawn_at=None))
    assert answer.status_code == 422
    assert answer.json()["fields"][0]["field"] == "withdrawn_at"


async def test_nobody_writes_outside_their_scope(client: httpx.AsyncClient, world: World) -> None:
    await log_in(client, "secadmin")
    answer = await client.post(
        f"{API}/people",
        json={
            "username": "manager_a",
            "name": "甲局车辆管理员",
            "password": "a long enough one",
            "roles": [
                {"role": "fleet_manager", "organisation_id": str(world.organisations["a"].id)}
            ],
        },
    )
    assert answer.status_code == 201, answer.text
    await log_in(client, "manager_a", "a long enough one")
    inside = await client.post(f"{API}/vehicles", json=car(world))
    assert inside.status_code == 201
    b = str(world.organisations["b"].id)
    outside = await client.post(
        f"{API}/vehicles", json=car(world, organisation_id=b, plate="示B20001")
    )
    assert outside.status_code == 404
    base = await client.post(
        f"{API}/vehicles", json=car(world, plate="示A20002", base_id=str(world.bases["b"].id))
    )
    assert base.status_code == 404


async def test_a_fleet_manager_makes_no_accounts(client: httpx.AsyncClient, world: World) -> None:
    await log_in(client, "manager")
    answer = await client.post(f"{API}/people", json={})
    assert answer.status_code in {403, 422}
    body = {
        "username": "x1",
        "name": "某",
        "roles": [{"role": "driver", "organisation_id": str(world.organisations["a"].id)}],
    }
    assert (await client.post(f"{API}/people", json=body)).status_code == 403


async def test_an_account_name_is_given_once_whatever_its_case(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "secadmin")
    body = {
        "username": "Manager",
        "name": "某",
        "roles": [{"role": "driver", "organisation_id": str(world.organisations["a"].id)}],
    }
    answer = await client.post(f"{API}/people", json=body)
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/username-taken"


async def test_a_new_unit_and_its_driver_are_seen_from_above_at_once(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    unit = await client.post(f"{API}/organisations", json={"name": "丙局", "kind": "unit"})
    assert unit.status_code == 201, unit.text
    assert unit.json()["parent"]["name"] == "机关事务中心"
    driver = await client.post(
        f"{API}/drivers",
        json={
            "person_id": str(world.people["applicant_a"].id),
            "licence_class": "C1",
            "organisation_id": unit.json()["id"],
        },
    )
    assert driver.status_code == 201, driver.text
    names = {d["name"] for d in (await client.get(f"{API}/drivers")).json()["items"]}
    assert driver.json()["name"] in names


async def test_the_journal_is_read_by_the_audit_administrator_newest_first(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    await client.post(f"{API}/vehicles", json=car(world))
    await log_in(client, "auditor")
    first = (await client.get(f"{API}/journal?limit=2")).json()
    assert [e["action"] for e in first["items"]] == ["session.begin", "vehicle.add"]
    second = (await client.get(f"{API}/journal?limit=2&cursor={first['next_cursor']}")).json()
    assert second["items"][0]["action"] == "session.begin"
    assert second["items"][0]["actor"]["name"] == "车辆管理员"


async def test_the_first_administrator_is_made_once_and_makes_the_others(
    client: httpx.AsyncClient, sessions: Sessions, settings: Settings
) -> None:
    async with transaction(sessions) as session:
        lost = await ensure_first_administrator(session, utc_now(), settings)
        link = await ensure_first_administrator(session, utc_now(), settings)
    assert lost is not None
    assert link is not None
    for url, status in ((lost.url, 422), (link.url, 200), (link.url, 422)):
        token = url.partition("#token=")[2]
        body = {"token": token, "password": "the first of all passwords"}
        assert (await client.post(f"{API}/session/set-up", json=body)).status_code == status
    async with transaction(sessions) as session:
        assert await ensure_first_administrator(session, utc_now(), settings) is None
    await log_in(client, "admin", "the first of all passwords")
    where = (await client.get(f"{API}/session")).json()["roles"][0]["organisation"]["id"]
    made = await client.post(
        f"{API}/people",
        json={
            "username": "sys",
            "name": "系统管理员",
            "roles": [{"role": "system_administrator", "organisation_id": where}],
        },
    )
    assert made.status_code == 201
    assert (await client.get(f"{API}/vehicles")).status_code == 403
