"""A deputy has the giver's role for the time it is lent, and not a moment longer."""

from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import select, text

from fleet.tables import JournalEntry
from kit.clock import utc_now
from kit.database import Sessions, transaction
from tests.support.world import World, log_in

API = "/api/v1"


def lending(world: World, to: str = "clerk_a", **changes: object) -> dict[str, object]:
    return {
        "deputy_id": str(world.people[to].id),
        "role": "unit_approver",
        "organisation_id": str(world.organisations["a"].id),
        "end": (world.now + timedelta(days=7)).isoformat(),
        "reason": "外出学习",
    } | changes


async def permissions(client: httpx.AsyncClient, username: str) -> set[str]:
    await log_in(client, username)
    return set((await client.get(f"{API}/session")).json()["permissions"])


async def test_a_deputy_may_what_the_giver_may_until_it_is_taken_back(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    assert "request.approve" not in await permissions(client, "clerk_a")
    await log_in(client, "approver_a")
    made = await client.post(f"{API}/delegations", json=lending(world))
    assert made.status_code == 201, made.text
    assert made.json()["giver"]["name"] == "用车审核领导"
    twice = await client.post(f"{API}/delegations", json=lending(world))
    assert twice.json()["type"] == "/problems/already-delegated"
    assert "request.approve" in await permissions(client, "clerk_a")
    listed = (await client.get(f"{API}/delegations")).json()["items"]
    assert [one["id"] for one in listed] == [made.json()["id"]]
    told = (await client.get(f"{API}/session")).json()["roles"]
    assert {one["role"]: one["delegated_by"] for one in told} == {
        "unit_clerk": None,
        "unit_approver": {"id": str(world.people["approver_a"].id), "name": "用车审核领导"},
    }
    # A deputy can't lend on what was lent to them.
    on = await client.post(f"{API}/delegations", json=lending(world, "applicant_a"))
    assert on.json()["type"] == "/problems/not-yours-to-delegate"
    await log_in(client, "applicant_a")
    foreign = await client.post(f"{API}/delegations/{made.json()['id']}/end")
    assert foreign.status_code == 404
    await log_in(client, "approver_a")
    ended = await client.post(f"{API}/delegations/{made.json()['id']}/end")
    assert ended.status_code == 200, ended.text
    assert datetime.fromisoformat(ended.json()["end"]) <= utc_now()
    again = await client.post(f"{API}/delegations/{made.json()['id']}/end")
    assert again.json()["type"] == "/problems/already-ended"
    assert "request.approve" not in await permissions(client, "clerk_a")
    async with sessions() as session:
        acts = await session.scalars(
            select(JournalEntry.action)
            .where(JournalEntry.object_kind == "delegation")
            .order_by(JournalEntry.no)
        )
        assert list(acts) == ["delegation.give", "delegation.end"]


async def test_what_was_lent_ends_with_the_givers_role_and_rests_while_they_are_disabled(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "approver_a")
    await client.post(f"{API}/delegations", json=lending(world))
    giver = world.people["approver_a"]
    await log_in(client, "secadmin")
    person = f"{API}/people/{giver.id}"
    shown = (await client.get(f"{API}/people/{world.people['clerk_a'].id}")).json()
    by = {one["role"]: one["delegated_by"] for one in shown["roles"]}
    assert by["unit_clerk"] is None
    assert by["unit_approver"] == {"id": str(giver.id), "name": "用车审核领导"}
    await client.post(f"{person}/disable", json={"reason": "停职"})
    assert "request.approve" not in await permissions(client, "clerk_a")
    await log_in(client, "secadmin")
    await client.post(f"{person}/enable", json={"reason": "复职"})
    assert "request.approve" in await permissions(client, "clerk_a")
    await log_in(client, "secadmin")
    await client.post(
        f"{person}/roles/end",
        json={
            "role": "unit_approver",
            "organisation_id": str(world.organisations["a"].id),
            "reason": "免职",
        },
    )
    assert "request.approve" not in await permissions(client, "clerk_a")


async def test_a_deputy_does_not_approve_their_own_request(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "approver_a")
    lent = await client.post(f"{API}/delegations", json=lending(world, "applicant_a"))
    assert lent.status_code == 201, lent.text
    await log_in(client, "applicant_a")
    start = world.now + timedelta(days=1)
    asked = await client.post(
        f"{API}/requests",
        json={
            "passenger_id": str(world.people["applicant_a"].id),
            "passengers": 1,
            "purpose": "meeting",
            "purpose_text": "会议",
            "start": start.isoformat(),
            "end": (start + timedelta(hours=2)).isoformat(),
            "origin": {"name": "甲局", "latitude": 40.05, "longitude": 110.05},
            "destination": {"name": "会场", "latitude": 40.1, "longitude": 110.1},
            "round_trip": True,
            "may_share": False,
        },
    )
    assert asked.status_code == 201, asked.text
    one = asked.json()
    answer = await client.post(
        f"{API}/requests/{one['id']}/approve", json={"revision": one["revision"]}
    )
    assert answer.status_code in {403, 409}, answer.text
    assert "approve" not in asked.json()["actions"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"role": "applicant"}, "not-delegable"),
        ({"role": "dispatcher"}, "not-yours-to-delegate"),
        ({"end": "2020-01-01T00:00:00Z"}, "bad-delegation-period"),
        ({"end": "2199-01-01T00:00:00Z"}, "bad-delegation-period"),
        ({"start": "2020-01-01T00:00:00Z"}, "bad-delegation-period"),
    ],
)
async def test_what_is_no_delegation_is_refused(
    client: httpx.AsyncClient, world: World, changes: dict[str, object], problem: str
) -> None:
    await log_in(client, "approver_a")
    answer = await client.post(f"{API}/delegations", json=lending(world, **changes))
    assert answer.json()["type"] == f"/problems/{problem}", answer.text


async def test_deputies_are_other_people_of_the_same_organisation(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "approver_a")
    self = await client.post(f"{API}/delegations", json=lending(world, "approver_a"))
    assert self.json()["type"] == "/problems/own-deputy"
    assert (
        await client.post(f"{API}/delegations", json=lending(world, "clerk_b"))
    ).status_code == 404


async def test_the_view_holds_both_roles_of_one_person_at_once(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "approver_a")
    await client.post(f"{API}/delegations", json=lending(world))
    async with transaction(sessions) as session:
        rows = await session.execute(
            text(
                "SELECT role, delegation_no IS NULL FROM held_role "
                "WHERE person_no = :no AND period @> now() ORDER BY role"
            ),
            {"no": world.people["clerk_a"].no},
        )
        assert [tuple(row) for row in rows] == [("unit_approver", False), ("unit_clerk", True)]
