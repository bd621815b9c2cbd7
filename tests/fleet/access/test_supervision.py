"""External supervisors act under a letter in force, and by nothing else."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from fleet.tables import JournalEntry, Person, PersonRole
from fleet.words import Role
from kit.database import Sessions, transaction
from kit.ids import new_id
from tests.access.cast import log_in_as
from tests.dispatch.office import Office
from tests.support.world import World, begin_sitting, client_of, log_in

API = "/api/v1"


@pytest.fixture
async def guest(app: FastAPI, sessions: Sessions, world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with the role in the bureau, logged in."""
    async with transaction(sessions) as session:
        person = Person(id=new_id(), username="guest", name="来访人", sort_key="lai")
        session.add(person)
        await session.flush()
        session.add(
            PersonRole(
                person_no=person.no,
                organisation_no=world.organisations["bureau"].no,
                role=Role.EXTERNAL_SUPERVISOR,
                period=Range(world.since, None, bounds="[)"),
            )
        )
        token = await log_in_as(session, person, world.now)
    world.people["guest"] = person
    async with client_of(app) as one:
        one.headers["Authorization"] = f"Bearer {token}"
        yield one


async def give(client: httpx.AsyncClient, world: World, **more: object) -> dict[str, Any]:
    """Let the security administrator write down a letter over unit A."""
    await log_in(client, "secadmin")
    body = {
        "letter_no": "函〔2026〕7",
        "issuer_kind": "discipline",
        "issuer_name": "示例市纪委",
        "person_id": str(world.people["guest"].id),
        "organisation_id": str(world.organisations["a"].id),
        "matter": "专项检查",
        "end": (world.now + timedelta(days=30)).isoformat(),
        **more,
    }
    answer = await client.post(f"{API}/grants", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def track(world: World, key: str) -> dict[str, str]:
    start = (world.now - timedelta(hours=1)).isoformat()
    return {"vehicle_id": str(world.vehicles[key].id), "start": start, "end": world.now.isoformat()}


async def test_the_role_opens_nothing_before_the_letter_and_after_its_end(
    client: httpx.AsyncClient, guest: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    assert (await guest.get(f"{API}/vehicles")).status_code == 403
    letter = await give(client, world)
    plates = {v["plate"] for v in (await guest.get(f"{API}/vehicles")).json()["items"]}
    assert plates == {"示A10001", "示A10002", "示A10003"}
    await begin_sitting(guest)
    assert (await guest.get(f"{API}/positions", params=track(world, "a1"))).status_code == 200
    assert (await guest.get(f"{API}/positions", params=track(world, "b1"))).status_code == 404
    ended = await client.post(f"{API}/grants/{letter['id']}/end", json={"reason": "核查结束"})
    assert ended.status_code == 200, ended.text
    assert (await guest.get(f"{API}/vehicles")).status_code == 403
    assert (await guest.get(f"{API}/positions", params=track(world, "a1"))).status_code == 403
    again = await client.post(f"{API}/grants/{letter['id']}/end", json={"reason": "再次"})
    assert again.json()["type"] == "/problems/grant-ended"
    async with sessions() as session:
        looks = (
            await session.scalars(
                select(JournalEntry).where(
                    JournalEntry.action.in_(["supervision.read", "track.read"])
                )
            )
        ).all()
    told = [json.loads(one.payload or b"{}")["after"] for one in looks]
    assert [one.action for one in looks] == ["supervision.read", "track.read"]
    assert told[0]["letters"] == ["函〔2026〕7"]
    assert told[1]["letter_no"] == "函〔2026〕7"


async def test_a_letter_over_one_vehicle_shows_no_other(
    client: httpx.AsyncClient, guest: httpx.AsyncClient, world: World
) -> None:
    await give(client, world, vehicle_ids=[str(world.vehicles["a1"].id)])
    await begin_sitting(guest)
    assert (await guest.get(f"{API}/positions", params=track(world, "a1"))).status_code == 200
    assert (await guest.get(f"{API}/positions", params=track(world, "a2"))).status_code == 404
    assert (await guest.get(f"{API}/vehicles")).status_code == 403


async def test_with_two_letters_each_look_is_journalled_under_the_one_that_opens_it(
    client: httpx.AsyncClient, guest: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    whole, single = "函〔2026〕7", "函〔2026〕8"
    await give(client, world)
    b1 = str(world.vehicles["b1"].id)
    over_b = {"organisation_id": str(world.organisations["b"].id), "vehicle_ids": [b1]}
    await give(client, world, letter_no=single, **over_b)
    sitting = {"purpose": "supervision"}
    unsaid = await guest.post(f"{API}/sittings", json=sitting)
    assert unsaid.json()["type"] == "/problems/letter-needed"
    for letter, opened, closed in ((whole, "a1", "b1"), (single, "b1", "a1")):
        begun = await guest.post(f"{API}/sittings", json=sitting | {"reference": letter})
        assert begun.status_code == 201, begun.text
        for key, status in ((opened, 200), (closed, 404)):
            answer = await guest.get(f"{API}/positions", params=track(world, key))
            assert answer.status_code == status, (letter, key)
    assert (await guest.get(f"{API}/vehicles")).status_code == 200
    async with sessions() as session:
        looks = await session.scalars(
            select(JournalEntry).where(JournalEntry.action.in_(["supervision.read", "track.read"]))
        )
        told = [(one.action, json.loads(one.payload or b"{}")["after"]) for one in looks]
    assert [one["letter_no"] for action, one in told if action == "track.read"] == [whole, single]
    # The letter over a single vehicle opens no list, and is not named for one.
    assert [one["letters"] for action, one in told if action != "track.read"] == [[whole]]


async def test_looks_at_requests_orders_and_slips_are_journalled_with_their_letter(
    app: FastAPI,
    client: httpx.AsyncClient,
    guest: httpx.AsyncClient,
    world: World,
    sessions: Sessions,
) -> None:
    order = await _ordered(app, world, sessions)
    unseen = await guest.get(f"{API}/orders")
    assert (unseen.status_code, unseen.json()["items"]) == (200, [])
    await give(client, world)
    request = order["requests"][0]["id"]
    paths = (
        "/requests",
        f"/requests/{request}",
        "/orders",
        f"/orders/{order['id']}",
        f"/orders/{order['id']}/slip",
    )
    for path in paths:
        answer = await guest.get(f"{API}{path}")
        assert answer.status_code == 200, answer.text
        assert order["id"] in answer.text or path.endswith("/slip")
    async with sessions() as session:
        looks = await session.scalars(
            select(JournalEntry)
            .where(JournalEntry.action == "supervision.read")
            .order_by(JournalEntry.no)
        )
        told = [json.loads(one.payload or b"{}")["after"] for one in looks]
    assert [(one["path"], one["letters"]) for one in told] == [
        (f"{API}{path}", ["函〔2026〕7"]) for path in paths
    ]


async def _ordered(app: FastAPI, world: World, sessions: Sessions) -> dict[str, Any]:
    """Let A's people ask for a ride, approve it and assign a vehicle; return the order."""
    async with AsyncExitStack() as stack:

        async def client_for(username: str) -> httpx.AsyncClient:
            one = await stack.enter_async_context(client_of(app))
            async with transaction(sessions) as session:
                token = await log_in_as(session, world.people[username], world.now)
            one.headers["Authorization"] = f"Bearer {token}"
            return one

        return await Office(world, sessions, client_for).assigned()


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"person_id": "clerk_a"}, "not-a-supervisor"),
        ({"vehicle_ids": ["b1"]}, "vehicle-outside"),
        ({"end": 400}, "grant-too-long"),
        ({"end": -1}, "empty-period"),
    ],
)
async def test_a_letter_that_says_more_than_it_may_is_refused(
    client: httpx.AsyncClient,
    guest: httpx.AsyncClient,
    world: World,
    change: dict[str, Any],
    kind: str,
) -> None:
    if "person_id" in change:
        change = {"person_id": str(world.people["clerk_a"].id)}
    elif "vehicle_ids" in change:
        change = {"vehicle_ids": [str(world.vehicles["b1"].id)]}
    else:
        change = {"end": (world.now + timedelta(days=change["end"])).isoformat()}
    with pytest.raises(AssertionError, match=kind):
        await give(client, world, **change)
