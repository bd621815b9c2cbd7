"""What no honest client sends is refused as an invalid request, and never breaks a route."""

import json

import httpx
import pytest

from tests.support.world import World, log_in

API = "/api/v1"
WORSE = ["\u0000", "a\u0000b", "\ud800"]


@pytest.mark.parametrize("text", WORSE, ids=["nul", "inner nul", "surrogate"])
async def test_text_that_the_database_cannot_hold_is_refused(
    client: httpx.AsyncClient, world: World, text: str
) -> None:
    await log_in(client, "secadmin")
    person = f"{API}/people/{world.people['clerk_a'].id}"
    a = str(world.organisations["a"].id)
    named = {"role": "unit_clerk", "organisation_id": a}
    await _refused(client, "PATCH", person, {"name": text})
    await _refused(client, "POST", f"{person}/disable", {"reason": text})
    await _refused(client, "POST", f"{person}/roles/end", {**named, "reason": text})
    await log_in(client, "clerk_a")
    when = {"start": "2030-01-01T00:00:00Z", "end": "2030-01-01T08:00:00Z"}
    clerk = str(world.people["clerk_a"].id)
    duty = {"organisation_id": a, "kind": "regular_duty", "person_id": clerk, "note": text}
    await _refused(client, "POST", f"{API}/rosters", duty | when)
    item = {
        "vehicle_id": str(world.vehicles["a1"].id),
        "kind": "key",
        "label": text,
        "holder": {"organisation_id": a},
    }
    await _refused(client, "POST", f"{API}/custodies", item)
    lending = {"deputy_id": str(world.people["applicant_a"].id), "end": when["end"]}
    await _refused(client, "POST", f"{API}/delegations", {**named, **lending, "reason": text})


@pytest.mark.parametrize(
    "path",
    [
        "/custodies?cursor=x",
        "/custodies?cursor=WyIwIl0",
        "/rosters?cursor=WzFd",
        "/delegations?cursor=WyIwIl0",
        "/rosters?at=2030-01-01T00:00:00",
        "/custodies?at=0001-01-01T00:00:00Z",
        "/drivers?licence_before=9999-12-31T23:59:59Z",
        "/people?disabled=maybe",
    ],
)
async def test_parameters_that_make_no_sense_are_refused(
    client: httpx.AsyncClient, world: World, path: str
) -> None:
    await log_in(client, "clerk_a")
    assert (await client.get(f"{API}{path}")).status_code == 422


async def _refused(client: httpx.AsyncClient, method: str, url: str, body: object) -> None:
    # JSON spells what UTF-8 can't; the client's own encoder would refuse to.
    answer = await client.request(
        method, url, content=json.dumps(body), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422, (method, url, answer.text)
