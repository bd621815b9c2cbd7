"""What an account may do changes by date, at once, and never by the person's own hand."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from fleet.acts import Act
from fleet.people.accounts import RoleIn, create_person
from fleet.tables import JournalEntry, LogIn, Person
from fleet.words import Role
from kit.database import Sessions, transaction
from tests.support.world import World, log_in

API = "/api/v1"


def person_url(world: World, username: str, *rest: str) -> str:
    return "/".join((API, "people", str(world.people[username].id), *rest))


def role(world: World, name: str, key: str = "a", **more: object) -> dict[str, object]:
    return {"role": name, "organisation_id": str(world.organisations[key].id)} | more


async def entries(sessions: Sessions, action: str) -> list[JournalEntry]:
    async with sessions() as session:
        rows = await session.scalars(
            select(JournalEntry)
            .where(JournalEntry.action == action, JournalEntry.actor_name != "system")
            .order_by(JournalEntry.no)
        )
        return list(rows)


async def test_a_role_works_from_the_next_request_on_and_no_longer_than_it_is_held(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "applicant_a")
    theirs = client.headers["Authorization"]
    assert (await client.get(f"{API}/drivers")).status_code == 403
    await log_in(client, "secadmin")
    keeper = client.headers["Authorization"]
    given = await client.post(
        person_url(world, "applicant_a", "roles"), json=role(world, "unit_clerk")
    )
    assert given.status_code == 201, given.text
    assert {one["role"] for one in given.json()["roles"]} == {"applicant", "unit_clerk"}
    allowed = await client.get(f"{API}/drivers", headers={"Authorization": theirs})
    assert allowed.status_code == 200
    again = await client.post(
        person_url(world, "applicant_a", "roles"), json=role(world, "unit_clerk")
    )
    assert again.json()["type"] == "/problems/role-overlap"
    ended = await client.post(
        person_url(world, "applicant_a", "roles", "end"),
        json=role(world, "unit_clerk", reason="调离"),
        headers={"Authorization": keeper},
    )
    assert ended.status_code == 200, ended.text
    refused = await client.get(f"{API}/drivers", headers={"Authorization": theirs})
    assert refused.status_code == 403
    gone = await client.post(
        person_url(world, "applicant_a", "roles", "end"),
        json=role(world, "unit_clerk", reason="调离"),
    )
    assert gone.json()["type"] == "/problems/no-such-role"
    (end,) = await entries(sessions, "role.end")
    assert end.reason == "调离"
    assert end.before is not None
    assert end.after is not None
    assert (end.before["end"], end.before["role"]) == (None, "unit_clerk")
    assert end.after["end"] is not None


async def test_nobody_changes_what_they_may_do_themselves(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "secadmin")
    for path, body in (
        ("roles", role(world, "dispatcher", "bureau")),
        ("roles/end", role(world, "security_administrator", "bureau", reason="试")),
        ("disable", {"reason": "试"}),
    ):
        answer = await client.post(person_url(world, "secadmin", path), json=body)
        assert answer.status_code == 403, path
        assert answer.json()["type"] == "/problems/own-account"


async def test_two_of_the_three_administrators_are_never_one_person(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "secadmin")
    later = world.now + timedelta(days=30)
    answer = await client.post(
        person_url(world, "auditor", "roles"),
        json=role(world, "system_administrator", "bureau", since=later.isoformat()),
    )
    assert answer.json()["type"] == "/problems/two-administrators", answer.text
    both = await client.post(
        f"{API}/people",
        json={
            "username": "both",
            "name": "某",
            "roles": [
                role(world, "system_administrator", "bureau"),
                role(world, "audit_administrator", "a"),
            ],
        },
    )
    assert both.json()["type"] == "/problems/two-administrators"
    end = await client.post(
        person_url(world, "auditor", "roles", "end"),
        json=role(world, "audit_administrator", "bureau", at=later.isoformat(), reason="轮岗"),
    )
    assert end.status_code == 200, end.text
    then = await client.post(
        person_url(world, "auditor", "roles"),
        json=role(world, "system_administrator", "bureau", since=later.isoformat()),
    )
    assert then.status_code == 201, then.text


async def test_the_past_of_a_role_stays_as_it_was(client: httpx.AsyncClient, world: World) -> None:
    await log_in(client, "secadmin")
    yesterday = (world.now - timedelta(days=1)).isoformat()
    given = await client.post(
        person_url(world, "applicant_a", "roles"),
        json=role(world, "unit_clerk", since=yesterday),
    )
    assert given.json()["type"] == "/problems/backdated-role"
    ended = await client.post(
        person_url(world, "applicant_a", "roles", "end"),
        json=role(world, "applicant", at=yesterday, reason="试"),
    )
    assert ended.json()["type"] == "/problems/backdated-role"


async def test_a_disabled_account_is_out_at_once_and_comes_back_without_its_sessions(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "applicant_a")
    theirs = {"Authorization": client.headers["Authorization"]}
    await log_in(client, "secadmin")
    off = await client.post(person_url(world, "applicant_a", "disable"), json={"reason": "离职"})
    assert off.status_code == 200, off.text
    assert off.json()["disabled_at"] is not None
    assert (await client.get(f"{API}/session", headers=theirs)).status_code == 401
    twice = await client.post(person_url(world, "applicant_a", "disable"), json={"reason": "离职"})
    assert twice.json()["type"] == "/problems/already-disabled"
    found = (await client.get(f"{API}/people?disabled=true")).json()["items"]
    assert [one["username"] for one in found] == ["applicant_a"]
    on = await client.post(person_url(world, "applicant_a", "enable"), json={"reason": "返岗"})
    assert on.json()["disabled_at"] is None
    assert (await client.get(f"{API}/session", headers=theirs)).status_code == 401
    async with sessions() as session:
        left = await session.scalars(
            select(LogIn).where(LogIn.person_no == world.people["applicant_a"].no)
        )
        assert left.all() == []
    assert [e.reason for e in await entries(sessions, "person.disable")] == ["离职"]
    assert [e.reason for e in await entries(sessions, "person.enable")] == ["返岗"]


async def test_a_name_and_a_phone_are_changed_and_the_journal_has_both_sides(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "secadmin")
    url = person_url(world, "clerk_a")
    first = await client.patch(url, json={"phone": "13812345678"})
    assert first.status_code == 200, first.text
    assert first.json()["phone"] == "13812345678"
    assert first.json()["name"] == "用车管理员"
    second = await client.patch(url, json={"name": "王某"})
    assert (second.json()["name"], second.json()["phone"]) == ("王某", "13812345678")
    assert (await client.patch(url, json={"name": None})).status_code == 422
    assert (await client.patch(url, json={"username": "x"})).status_code == 422
    cleared = await client.patch(url, json={"phone": None})
    assert cleared.json()["phone"] is None
    changes = await entries(sessions, "person.change")
    assert changes[1].before == {
        "username": "clerk_a",
        "name": "用车管理员",
        "phone": "138****5678",
    }
    assert changes[1].after == {"username": "clerk_a", "name": "王某", "phone": "138****5678"}


async def test_who_belongs_elsewhere_too_is_changed_from_above_alone(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    async with transaction(sessions) as session:
        keeper = await create_person(
            session,
            Act(None, world.since),
            username="secadmin_a",
            name="甲局安全保密管理员",
            roles=[RoleIn(Role.SECURITY_ADMINISTRATOR, world.organisations["a"])],
            password_hash=world.people["secadmin"].password_hash,
        )
        world.people["secadmin_a"] = keeper
    await log_in(client, "secadmin")
    shared = await client.post(
        person_url(world, "clerk_a", "roles"), json=role(world, "unit_clerk", "b")
    )
    assert shared.status_code == 201
    await log_in(client, "secadmin_a")
    off = await client.post(person_url(world, "clerk_a", "disable"), json={"reason": "试"})
    assert off.json()["type"] == "/problems/belongs-elsewhere"
    other = await client.get(person_url(world, "clerk_b"))
    assert other.status_code == 404
    seen = (await client.get(person_url(world, "clerk_a"))).json()
    assert [one["organisation"]["name"] for one in seen["roles"]] == ["甲局"]
    foreign = await client.post(
        person_url(world, "clerk_a", "roles"), json=role(world, "dispatcher", "b")
    )
    assert foreign.status_code == 404


async def test_who_lost_the_last_role_is_still_found_by_the_keeper_of_accounts(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "secadmin")
    await client.post(
        person_url(world, "clerk_a", "roles", "end"),
        json=role(world, "unit_clerk", reason="退休"),
    )
    back = await client.post(
        person_url(world, "clerk_a", "roles"), json=role(world, "unit_clerk", "b")
    )
    assert back.status_code == 201, back.text
    async with sessions() as session:
        person = await session.get_one(Person, world.people["clerk_a"].no)
        assert person.disabled_at is None


@pytest.mark.parametrize("reader", ["applicant_a", "manager", "auditor"])
async def test_accounts_are_changed_by_their_keepers_alone(
    client: httpx.AsyncClient, world: World, reader: str
) -> None:
    await log_in(client, reader)
    url = person_url(world, "clerk_a")
    assert (await client.patch(url, json={"name": "某"})).status_code == 403
    for path in ("roles", "roles/end", "disable", "enable"):
        body = role(world, "unit_clerk", reason="x") if "roles/" in path else {"reason": "x"}
        if path == "roles":
            body = role(world, "unit_clerk")
        assert (await client.post(f"{url}/{path}", json=body)).status_code == 403
