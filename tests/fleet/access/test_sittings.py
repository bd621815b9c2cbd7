"""A sitting belongs to the log-in or API token that began it, and ends with it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from tests.support.world import World, begin_sitting, client_of, log_in

API = "/api/v1"


@pytest.fixture
async def program(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A second client, not logged in."""
    async with client_of(app) as one:
        yield one


async def make_token(client: httpx.AsyncClient, world: World) -> dict[str, str]:
    """Return a new token of whoever is logged in, for tracks alone."""
    body = {
        "name": "接口",
        "permissions": ["track.read"],
        "expires_at": (world.now + timedelta(days=2)).isoformat(),
    }
    answer = await client.post(f"{API}/tokens", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, str] = answer.json()
    return made


async def sitting_of(client: httpx.AsyncClient) -> str:
    """Begin a sitting and return its id."""
    await begin_sitting(client)
    return str((await client.get(f"{API}/sittings/current")).json()["sitting"]["id"])


async def look(client: httpx.AsyncClient, world: World, sitting: str) -> str:
    """Ask for a track in a named sitting; return "shown", or the kind of the refusal."""
    answer = await client.get(
        f"{API}/positions",
        params={
            "vehicle_id": str(world.vehicles["a1"].id),
            "start": (world.now - timedelta(hours=1)).isoformat(),
            "end": world.now.isoformat(),
        },
        headers={"Gongche-Sitting": sitting},
    )
    return "shown" if answer.status_code == 200 else str(answer.json()["type"])


async def test_a_program_that_names_the_sitting_of_a_log_in_looks_until_the_log_out(
    client: httpx.AsyncClient, program: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "supervisor")
    sitting = await sitting_of(client)
    made = await make_token(client, world)
    program.headers["Authorization"] = f"Bearer {made['token']}"
    assert await look(program, world, sitting) == "shown"
    assert (await client.delete(f"{API}/session")).status_code == 204
    assert await look(program, world, sitting) == "/problems/sitting-needed"


async def test_the_sitting_of_a_token_ends_when_the_token_is_revoked(
    client: httpx.AsyncClient, program: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "supervisor")
    made = await make_token(client, world)
    program.headers["Authorization"] = f"Bearer {made['token']}"
    sitting = await sitting_of(program)
    assert await look(client, world, sitting) == "shown"
    assert (await client.delete(f"{API}/tokens/{made['id']}")).status_code == 204
    assert await look(client, world, sitting) == "/problems/sitting-needed"
