"""Applications: filed by a unit, decided by the mandate, never by the applicant."""

from collections.abc import Mapping

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.acts import Act, period
from fleet.applications.states import NEXT, IllegalAct, next_state
from fleet.applications.words import ApplicationAct, ApplicationState
from fleet.tables import PersonRole
from fleet.words import Role
from kit.database import Sessions, transaction
from tests.fleet.vehicles.cars import API, car
from tests.support.world import World, log_in


async def draft(client: httpx.AsyncClient, body: Mapping[str, object]) -> str:
    answer = await client.post(f"{API}/applications", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["state"] == "draft"
    return f"{API}/applications/{answer.json()['id']}"


async def state(client: httpx.AsyncClient, address: str, act: str, **body: object) -> str:
    answer = await client.post(f"{address}/{act}", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["state"])


@given(st.lists(st.sampled_from(list(ApplicationAct)), max_size=8))
def test_nothing_follows_an_end(acts: list[ApplicationAct]) -> None:
    at = ApplicationState.DRAFT
    for act in acts:
        try:
            at = next_state(at, act)
        except IllegalAct:
            assert act not in NEXT[at]


async def test_an_approved_quota_takes_effect_at_once(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "clerk_a")
    body = {
        "kind": "quota_approval",
        "organisation_id": str(world.organisations["a"].id),
        "category": "emergency",
        "count": 2,
        "basis": "请示 5 号",
    }
    address = await draft(client, body)
    assert await state(client, address, "submit") == "filed"
    assert (await client.put(address, json=body)).status_code == 409
    assert (await client.post(f"{address}/approve", json={})).status_code == 403
    await log_in(client, "authority")
    assert (await client.post(f"{address}/send_back", json={})).status_code == 422
    assert await state(client, address, "send_back", reason="请减为 1") == "sent_back"
    await log_in(client, "clerk_a")
    assert (await client.put(address, json=body | {"count": 1})).status_code == 200
    other = body | {"organisation_id": str(world.organisations["bureau"].id)}
    assert (await client.put(address, json=other)).json()["type"] == "/problems/kind-stays"
    assert await state(client, address, "submit") == "filed"
    await log_in(client, "authority")
    assert await state(client, address, "approve", reason="同意") == "carried_out"
    (quota,) = (await client.get(f"{API}/quotas?category=emergency")).json()["items"]
    assert (quota["count"], quota["basis"]) == (1, "请示 5 号")
    steps = (await client.get(address)).json()["steps"]
    assert [one["act"] for one in steps] == [
        *("submit", "send_back", "submit", "approve", "carry_out")
    ]
    assert steps[1]["reason"] == "请减为 1"
    assert (await client.post(f"{address}/reject", json={"reason": "晚"})).status_code == 409
    await log_in(client, "clerk_b")
    assert (await client.get(address)).status_code == 404
    assert (await client.get(f"{API}/applications")).json()["items"] == []


async def test_nobody_decides_on_an_application_of_their_own(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    async with transaction(sessions) as session:
        session.add(
            PersonRole(
                person_no=world.people["authority"].no,
                organisation_no=world.organisations["bureau"].no,
                role=Role.FLEET_MANAGER,
                period=period(Act(actor=None, now=world.since).now),
            )
        )
    await log_in(client, "authority")
    vehicle = str(world.vehicles["a1"].id)
    body = {"kind": "renewal", "vehicle_id": vehicle, "grounds": "车况差"}
    address = await draft(client, body)
    assert await state(client, address, "submit") == "filed"
    own = await client.post(f"{address}/approve", json={})
    assert (own.status_code, own.json()["type"]) == (403, "/problems/own-application")
    assert await state(client, address, "withdraw") == "withdrawn"


async def test_an_approved_renewal_and_disposal_run_through_the_vehicles_life(
    client: httpx.AsyncClient, world: World
) -> None:
    vehicle = str(world.vehicles["a1"].id)
    await log_in(client, "clerk_a")
    renewal = await draft(client, {"kind": "renewal", "vehicle_id": vehicle, "grounds": "到期"})
    await state(client, renewal, "submit")
    disposal = await draft(
        client,
        {"kind": "disposal", "vehicle_id": vehicle, "method": "auction", "grounds": "已更新"},
    )
    await state(client, disposal, "submit")
    beside = {"kind": "renewal", "vehicle_id": str(world.vehicles["b1"].id), "grounds": "越权"}
    assert (await client.post(f"{API}/applications", json=beside)).status_code == 404
    await log_in(client, "authority")
    assert await state(client, renewal, "approve") == "carried_out"
    assert (await client.get(f"{API}/vehicles/{vehicle}")).json()["state"] == "renewed"
    assert await state(client, disposal, "approve") == "approved"
    await log_in(client, "manager")
    wrong = await client.post(f"{disposal}/carry_out", json={"vehicle_id": vehicle})
    assert wrong.json()["type"] == "/problems/not-carried-out-so"
    assert await state(client, disposal, "carry_out", income_fen=900_000) == "carried_out"
    assert (await client.get(f"{API}/vehicles/{vehicle}")).json()["state"] == "disposed"


@pytest.mark.parametrize(("category", "fits"), [("other_prescribed", True), ("emergency", False)])
async def test_a_provision_is_carried_out_by_the_vehicle_that_was_bought(
    client: httpx.AsyncClient, world: World, category: str, fits: bool
) -> None:
    await log_in(client, "clerk_a")
    address = await draft(
        client,
        {
            "kind": "provision",
            "organisation_id": str(world.organisations["a"].id),
            "category": "other_prescribed",
            "model": "轿车",
            "energy": "petrol",
            "price_fen": 15_000_000,
            "grounds": "编制有空额",
        },
    )
    await state(client, address, "submit")
    await log_in(client, "authority")
    assert await state(client, address, "approve") == "approved"
    await log_in(client, "manager")
    made = await client.post(f"{API}/vehicles", json=car(world, category=category))
    id = made.json()["id"]
    answer = await client.post(f"{address}/carry_out", json={"vehicle_id": id})
    if fits:
        assert answer.json()["state"] == "carried_out"
        events = (await client.get(f"{API}/vehicles/{id}/events")).json()["items"]
        assert "quota_approved" in [one["kind"] for one in events]
    else:
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/wrong-vehicle")
        assert (await client.get(address)).json()["state"] == "approved"
