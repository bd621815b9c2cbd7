"""An API token reaches its person's own requests and orders only where it was made for these."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.dialects.postgresql import Range

from fleet.access import token_digest
from fleet.identity.bearers import API_TOKEN_PREFIX
from fleet.permissions import Permission as P
from fleet.tables import ApiToken, Person, PersonRole
from fleet.words import Role
from kit.clock import utc_now
from kit.database import Sessions, transaction
from tests.dispatch.office import API, Json, Office, ok
from tests.support.world import World, client_of

Program = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def program(app: FastAPI, world: World, sessions: Sessions) -> AsyncIterator[Program]:
    """Return a client that acts for a person by a token made for these permissions alone."""
    async with AsyncExitStack() as stack:

        async def of(username: str, *permissions: P, unit: str | None = None) -> httpx.AsyncClient:
            token = API_TOKEN_PREFIX + secrets.token_urlsafe(32)
            async with transaction(sessions) as session:
                session.add(
                    ApiToken(
                        token_digest=token_digest(token),
                        person_no=world.people[username].no,
                        name="接口",
                        permissions=[str(one) for one in permissions],
                        organisation_no=world.organisations[unit].no if unit else None,
                        created_at=utc_now(),
                        expires_at=utc_now() + timedelta(hours=1),
                    )
                )
            client = await stack.enter_async_context(client_of(app))
            client.headers["Authorization"] = f"Bearer {token}"
            return client

        yield of


async def ids_in(client: httpx.AsyncClient, path: str, **query: str) -> list[str]:
    answer = await client.get(f"{API}{path}", params=query)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


async def step(client: httpx.AsyncClient, path: str, **body: object) -> httpx.Response:
    return await client.post(f"{API}{path}", json=body)


async def test_requests_are_hidden_from_a_token_that_was_made_for_something_else(
    office: Office, program: Program
) -> None:
    request = await office.ask()
    path, revision = f"/requests/{request['id']}", request["revision"]
    for narrow in (
        await program("applicant_a", P.CALENDAR_READ),
        await program("applicant_a"),
        await program("applicant_a", P.REQUEST_APPLY, unit="b"),
    ):
        assert await ids_in(narrow, "/requests") == []
        assert await ids_in(narrow, "/requests", mine="true") == []
        assert (await narrow.get(f"{API}{path}")).status_code == 404
        withdrawn = await step(narrow, f"{path}/withdraw", revision=revision)
        assert withdrawn.status_code == 404
    asking = await program("applicant_a", P.REQUEST_APPLY, unit="a")
    assert await ids_in(asking, "/requests", mine="true") == [request["id"]]
    assert ok(await asking.get(f"{API}{path}"))["actions"] == ["withdraw"]
    ok(await step(asking, f"{path}/withdraw", revision=revision))


async def test_orders_are_hidden_from_a_token_that_was_made_for_something_else(
    office: Office, program: Program
) -> None:
    order = await office.assigned()
    path = f"/orders/{order['id']}"
    for narrow in (
        await program("driver_a1", P.CALENDAR_READ),
        await program("driver_a1", P.REQUEST_APPLY),
        await program("applicant_a", P.CALENDAR_READ),
    ):
        for query in ({}, {"mine": "true"}):
            assert await ids_in(narrow, "/orders", **query) == []
        for part in ("", "/slip"):
            assert (await narrow.get(f"{API}{path}{part}")).status_code == 404
        assert (await step(narrow, f"{path}/accept")).status_code == 404
    driving = await program("driver_a1", P.ORDER_DRIVE)
    assert await ids_in(driving, "/orders", mine="true") == [order["id"]]
    ok(await step(driving, f"{path}/accept"))
    asking = await program("applicant_a", P.REQUEST_APPLY)
    assert await ids_in(asking, "/orders", mine="true") == [order["id"]]


async def test_a_token_that_may_only_read_takes_no_step_and_sees_no_whole_phone(
    office: Office, program: Program, world: World, sessions: Sessions
) -> None:
    async with transaction(sessions) as session:
        passenger = await session.get_one(Person, world.people["applicant_a"].no)
        passenger.phone = "13900001234"
        session.add(
            PersonRole(
                person_no=world.people["driver_a1"].no,
                organisation_no=world.organisations["a"].no,
                role=Role.FINANCE,
                period=Range(world.since, None, bounds="[)"),
            )
        )
    order = await office.assigned()
    path = f"{API}/orders/{order['id']}"
    reading = await program("driver_a1", P.ORDER_READ)
    assert ok(await reading.get(path))["actions"] == []
    refused = await reading.post(f"{path}/accept", json={})
    assert refused.json()["type"] == "/problems/step-not-yours"
    slip: Json = ok(await reading.get(f"{path}/slip", params={"format": "json"}))
    whole: Json = ok(await office.get("driver_a1", f"/orders/{order['id']}/slip", format="json"))
    assert "139****1234" in str(slip)
    assert "13900001234" in str(whole)


async def test_nobody_approves_a_ride_of_their_own_by_a_token_that_cannot_ask(
    office: Office, program: Program
) -> None:
    request = await office.ask("approver_a")
    deciding = await program("approver_a", P.REQUEST_READ, P.REQUEST_APPROVE)
    path = f"/requests/{request['id']}"
    assert ok(await deciding.get(f"{API}{path}"))["actions"] == []
    refused = await step(deciding, f"{path}/approve", revision=request["revision"])
    assert refused.json()["type"] == "/problems/step-not-yours"
