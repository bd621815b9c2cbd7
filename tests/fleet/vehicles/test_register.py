"""What stands in the register, who sees it, and how it changes."""

from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from fleet.tables import JournalEntry
from kit.database import Sessions
from tests.fleet.vehicles.cars import API, car
from tests.support.world import World, log_in

ASSETS = {
    "vin": "LSVAA49J132047371",
    "engine_number": "CUF123456",
    "price_fen": 17_800_000,
    "funding": "budget",
}
REST = {
    "body": "sedan",
    "displacement_ml": 1498,
    "purchase_date": "2020-03-01",
    "tank_l": 55,
    "norm_ml_per_100km": 7200,
    "marking": "marked",
    "marking_date": "2020-04-01",
}


async def test_the_whole_record_is_kept_and_its_asset_fields_are_masked_by_role(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    answer = await client.post(f"{API}/vehicles", json=car(world, **ASSETS, **REST))
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert {name: told[name] for name in (*ASSETS, *REST)} == ASSETS | REST
    assert (told["masked"], told["warnings"], told["state"]) == ([], [], "in_use")
    address = f"{API}/vehicles/{told['id']}"
    new_vin = {"vin": "LSVAA49J232047371"}
    assert (await client.patch(address, json=new_vin)).json()["warnings"] == ["vin_check_digit"]

    await log_in(client, "clerk_a")
    seen = (await client.get(address)).json()
    assert seen["masked"] == sorted(ASSETS, key=list(seen["masked"]).index)
    assert [seen[name] for name in ASSETS] == [None] * 4
    assert {name: seen[name] for name in REST} == REST
    events = (await client.get(f"{address}/events")).json()["items"]
    assert [one["kind"] for one in events] == [
        *("purchased", "registered", "allocated", "put_in_use", "changed")
    ]
    assert events[-1]["masked"] == ["vin"]
    assert "LSVAA" not in str(events)


@pytest.mark.parametrize(
    ("changes", "status", "kind"),
    [
        ({"vin": "LSVAA49J13204737"}, 422, "invalid-request"),
        ({"plate": "示AD20001"}, 422, "plate-colour-mismatch"),
        ({"plate": "京O12345"}, 422, "police-plate-refused"),
        ({"marking": "marked"}, 422, "marking-incomplete"),
        ({"marking": "exempt"}, 422, "marking-incomplete"),
        ({"use_type": "unheard_of"}, 422, "unknown-use-type"),
        ({"stage": "disposed"}, 422, "bad-stage"),
        ({"purchase_date": "2199-01-01"}, 422, "purchased-after-start"),
        ({"price_fen": 2**70}, 422, "invalid-request"),
        ({"engine_number": "A\x00B"}, 422, "invalid-request"),
        ({"marking": "exempt", "marking_basis": "a\x00"}, 422, "invalid-request"),
    ],
)
async def test_a_field_that_cannot_be_is_refused(
    client: httpx.AsyncClient, world: World, changes: dict[str, object], status: int, kind: str
) -> None:
    await log_in(client, "manager")
    answer = await client.post(f"{API}/vehicles", json=car(world, **changes))
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")


async def test_a_change_is_an_event_with_what_stood_before(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    address = f"{API}/vehicles/{world.vehicles['a1'].id}"
    base = str(world.bases["b"].id)
    answer = await client.patch(address, json={"seats": 7, "body": "mpv", "base_id": base})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["seats"], answer.json()["base"]["id"]) == (7, base)
    moved, changed = (await client.get(f"{address}/events")).json()["items"][-2:]
    if moved["kind"] == "changed":
        moved, changed = changed, moved
    assert moved["facts"]["after"] == "乙局停车场"
    assert changed["facts"] == {
        "before": {"seats": 5, "body": None},
        "after": {"seats": 7, "body": "mpv"},
    }
    same = await client.patch(address, json={"seats": 7})
    assert same.json()["type"] == "/problems/nothing-changes"
    assert (await client.patch(address, json={"seats": None})).status_code == 422
    assert (await client.patch(address, json={})).status_code == 422


async def test_a_vin_belongs_to_one_present_vehicle(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    vin = ASSETS["vin"]
    first = await client.post(f"{API}/vehicles", json=car(world, vin=vin))
    second = car(world, vin=vin, plate="示A20002")
    refused = await client.post(f"{API}/vehicles", json=second)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/vin-taken")
    disposal = {"method": "auction", "income_fen": 1_000_000}
    gone = await client.post(f"{API}/vehicles/{first.json()['id']}/disposals", json=disposal)
    assert gone.status_code == 201, gone.text
    assert (await client.post(f"{API}/vehicles", json=second)).status_code == 201


async def test_a_plate_moves_between_vehicles_by_date(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    a1, a2 = (f"{API}/vehicles/{world.vehicles[key].id}" for key in ("a1", "a2"))
    wanted = {"plate": "示A10001", "plate_colour": "blue"}
    taken = await client.post(f"{a2}/plates", json=wanted)
    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/plate-taken")
    green = {"plate": "示AD30001", "plate_colour": "green"}
    petrol = await client.post(f"{a1}/plates", json=green)
    assert petrol.json()["type"] == "/problems/plate-energy-mismatch"
    assert (await client.patch(a1, json={"energy": "hybrid"})).status_code == 200
    assert (await client.post(f"{a1}/plates", json=green)).status_code == 201
    # The letter D is for the purely electric.
    assert (await client.get(a1)).json()["warnings"] == ["plate_energy"]
    petrol = await client.patch(a1, json={"energy": "petrol"})
    assert petrol.json()["type"] == "/problems/plate-energy-mismatch"
    moved = await client.post(f"{a2}/plates", json=wanted)
    assert moved.json()["plate"] == "示A10001"
    held = (await client.get(f"{a1}/plates")).json()["items"]
    assert [one["plate"] for one in held] == ["示AD30001", "示A10001"]
    assert held[0]["start"] == held[1]["end"]
    past = await client.post(f"{a2}/plates", json=wanted | {"at": "2020-01-01T00:00:00Z"})
    assert past.json()["type"] == "/problems/nothing-changes"
    early = {"plate": "示A30002", "plate_colour": "blue", "at": "2001-01-01T00:00:00Z"}
    assert (await client.post(f"{a2}/plates", json=early)).json()["type"] == "/problems/outside-use"
    future = early | {"at": "2100-01-01T00:00:00Z"}
    assert (await client.post(f"{a2}/plates", json=future)).json()["type"] == "/problems/not-yet"


async def test_a_vehicle_is_registered_from_a_day_of_the_past_on(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    body = car(world, purchase_date="2024-03-01")
    for since, problem in (
        ("2199-12-31", "not-yet"),
        ("2024-02-29", "purchased-after-start"),
        ("1949-12-31", "invalid-request"),
        ("2200-01-01", "invalid-request"),
    ):
        refused = await client.post(f"{API}/vehicles", json=body | {"since": since})
        assert refused.json()["type"] == f"/problems/{problem}", refused.text
    made = await client.post(f"{API}/vehicles", json=body | {"since": "2024-03-01"})
    assert made.status_code == 201, made.text
    address = f"{API}/vehicles/{made.json()['id']}"
    events = (await client.get(f"{address}/events")).json()["items"]
    assert {one["day"] for one in events} == {"2024-03-01"}
    (held,) = (await client.get(f"{address}/plates")).json()["items"]
    assert held["start"] == "2024-02-29T16:00:00Z"
    async with sessions() as session:
        entry = await session.scalar(
            select(JournalEntry).where(JournalEntry.object_id == UUID(made.json()["id"]))
        )
    assert entry is not None
    assert entry.after is not None
    assert entry.after["since"] == "2024-02-29T16:00:00+00:00"


async def test_a_list_is_narrowed_by_what_stands_in_the_register(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    green = car(world, plate="示AD20001", plate_colour="green", energy="electric", body="sedan")
    made = (await client.post(f"{API}/vehicles", json=green)).json()

    async def listed(query: str) -> list[str]:
        answer = await client.get(f"{API}/vehicles?{query}")
        assert answer.status_code == 200, answer.text
        return [one["plate"] for one in answer.json()["items"]]

    assert await listed("energy=electric") == ["示AD20001"]
    assert await listed("category=emergency") == []
    assert await listed("use_type=none_such") == []
    assert await listed("state=registered") == []
    assert await listed("excess=over_quota") == []
    assert await listed("documents_expired=true") == []
    document = {"kind": "annual_inspection", "title": "年检", "expires_on": "2021-01-01"}
    address = f"{API}/vehicles/{made['id']}/documents"
    assert (await client.post(address, json=document)).status_code == 201
    assert await listed("documents_expired=true") == ["示AD20001"]
    assert (
        await client.post(address, json=document | {"expires_on": "2199-01-01"})
    ).status_code == 201
    assert await listed("documents_expired=true") == []
