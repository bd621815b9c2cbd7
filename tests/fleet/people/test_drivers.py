"""Drivers: licences and employers by date, ID numbers sealed, phones masked."""

from datetime import datetime, timedelta

import httpx
from sqlalchemy import select

from fleet.tables import Driver, DriverUnit, JournalEntry, Person
from kit.clock import utc_now
from kit.database import Sessions, transaction
from tests.support.world import World, log_in

API = "/api/v1"
NUMBER = "11010519491231002X"  # the example of GB 11643-1999, annex A
ODD = "110105194912310021"


def driver_url(world: World, key: str = "a1", *rest: str) -> str:
    return "/".join((API, "drivers", str(world.drivers[key].id), *rest))


async def test_a_new_licence_leaves_the_one_before_in_the_register(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    until = (world.now + timedelta(days=20)).isoformat()
    changed = await client.patch(
        driver_url(world), json={"licence_class": "C1", "licence_until": until}
    )
    assert changed.status_code == 200, changed.text
    body = changed.json()
    assert [one["licence_class"] for one in body["licences"]] == ["C1", "B1"]
    assert body["licences"][1]["end"] == body["licences"][0]["start"]
    earlier = await client.patch(
        driver_url(world),
        json={"licence_class": "A1", "licence_since": world.since.isoformat()},
    )
    assert earlier.json()["type"] == "/problems/licence-overlap"
    renewed = await client.patch(driver_url(world), json={"licence_until": None})
    assert renewed.json()["licence_class"] == "C1"
    assert renewed.json()["licence_until"] is None
    again = await client.patch(driver_url(world), json={"licence_until": until})
    assert again.status_code == 200
    soon = (world.now + timedelta(days=30)).isoformat()
    found = await client.get(f"{API}/drivers", params={"licence_before": soon})
    assert [one["name"] for one in found.json()["items"]] == ["驾驶员a1"]
    assert (await client.get(driver_url(world))).json() == again.json()
    assert (await client.patch(driver_url(world), json={"licence_class": None})).status_code == 422


async def test_an_id_number_is_kept_sealed_and_never_shown_whole(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    first = await client.patch(driver_url(world), json={"id_number": NUMBER.lower()})
    assert first.status_code == 200, first.text
    assert first.json()["id_number"] == "****002X"
    assert first.json()["warnings"] == []
    second = await client.patch(driver_url(world, "b1"), json={"id_number": NUMBER})
    assert second.json()["warnings"] == ["id_number_twice"]
    assert [one["name"] for one in second.json()["same_id_number"]] == ["驾驶员a1"]
    odd = await client.patch(driver_url(world, "a2"), json={"id_number": ODD})
    assert odd.json()["warnings"] == ["id_number_check_digit"]
    bad = await client.patch(driver_url(world, "a2"), json={"id_number": NUMBER[:-1]})
    assert bad.status_code == 422
    assert NUMBER[:-1] not in bad.text
    for answer in (first, second, odd, await client.get(f"{API}/drivers")):
        assert "19491231" not in answer.text
    # Another unit's driver with the same number is nobody to the unit's own people.
    await log_in(client, "clerk_a")
    assert (await client.get(driver_url(world))).json()["same_id_number"] == []
    async with sessions() as session:
        row = await session.get_one(Driver, world.drivers["a1"].no)
        entries = await session.scalars(
            select(JournalEntry).where(JournalEntry.action == "driver.id_number")
        )
        told = str([(one.before, one.after, one.reason) for one in entries])
    assert row.id_number_sealed is not None
    assert b"19491231" not in row.id_number_sealed
    assert "****002X" in told
    assert "19491231" not in told


async def test_a_driver_goes_to_another_organisation_by_date(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    to = str(world.organisations["b"].id)
    moved = await client.post(
        driver_url(world, "a1", "transfer"), json={"organisation_id": to, "reason": "调动"}
    )
    assert moved.status_code == 200, moved.text
    assert moved.json()["unit"]["name"] == "乙局"
    back = await client.post(
        driver_url(world, "a1", "transfer"),
        json={
            "organisation_id": str(world.organisations["a"].id),
            "since": (world.now - timedelta(days=1)).isoformat(),
            "reason": "调动",
        },
    )
    assert back.json()["type"] == "/problems/transfer-overlap"
    await log_in(client, "clerk_a")
    assert (await client.get(driver_url(world))).status_code == 404
    await log_in(client, "clerk_b")
    assert (await client.get(driver_url(world))).status_code == 200
    async with sessions() as session:
        periods = (
            await session.scalars(
                select(DriverUnit.period)
                .where(DriverUnit.driver_no == world.drivers["a1"].no)
                .order_by(DriverUnit.no)
            )
        ).all()
    assert periods[0].upper == periods[1].lower


async def test_a_later_transfer_leaves_the_driver_where_they_are_until_then(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    later = utc_now() + timedelta(days=9)
    moved = await client.post(
        driver_url(world, "a1", "transfer"),
        json={
            "organisation_id": str(world.organisations["b"].id),
            "since": later.isoformat(),
            "reason": "调动",
        },
    )
    assert moved.json()["unit"]["name"] == "甲局", moved.text


async def test_a_phone_number_is_masked_for_who_may_not_call(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    async with transaction(sessions) as session:
        person = await session.get_one(Person, world.people["driver_a1"].no)
        person.phone = "13812345678"
    phones: dict[str, set[str | None]] = {}
    for username in ("dispatcher", "clerk_a", "approver_a", "supervisor", "sysadmin"):
        await log_in(client, username)
        listed = (await client.get(f"{API}/drivers", params={"q": "驾驶员a1"})).json()["items"]
        people = (await client.get(f"{API}/people", params={"q": "driver_a1"})).json()["items"]
        one = (await client.get(f"{API}/people/{person.id}")).json()
        phones[username] = {listed[0]["phone"], people[0]["phone"], one["phone"]}
    assert phones == {
        "dispatcher": {"13812345678"},
        "clerk_a": {"13812345678"},
        "approver_a": {"138****5678"},
        "supervisor": {"138****5678"},
        "sysadmin": {"138****5678"},
    }


async def test_times_of_licences_are_aware(client: httpx.AsyncClient, world: World) -> None:
    await log_in(client, "manager")
    naive = await client.patch(driver_url(world), json={"licence_until": "2030-01-01T00:00:00"})
    assert naive.status_code == 422
    far = await client.patch(driver_url(world), json={"licence_until": "9999-01-01T00:00:00Z"})
    assert far.status_code == 422
    shown = (await client.get(driver_url(world))).json()["licences"][0]["start"]
    assert datetime.fromisoformat(shown).tzinfo is not None
