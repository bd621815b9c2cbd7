"""Who draws the transport allowance, by date."""

from datetime import timedelta

import httpx
from sqlalchemy import select

from fleet.allowances.store import draws_allowance
from fleet.tables import JournalEntry
from kit.database import Sessions
from tests.support.world import World, log_in

API = "/api/v1"


async def test_whether_somebody_draws_the_allowance_is_written_by_date_and_never_overwritten(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "clerk_a")
    person = world.people["applicant_a"]
    url = f"{API}/people/{person.id}/allowance"
    drew = (world.now - timedelta(days=10)).isoformat()
    said = await client.put(url, json={"draws_allowance": True, "start": drew})
    assert said.status_code == 200, said.text
    same = await client.put(url, json={"draws_allowance": True})
    assert same.json()["type"] == "/problems/same-allowance"
    stopped = await client.put(url, json={"draws_allowance": False, "reason": "退出补贴"})
    assert (stopped.status_code, stopped.json()["end"]) == (200, None)
    early = (world.now - timedelta(days=5)).isoformat()
    for start in (early, drew):
        late = await client.put(url, json={"draws_allowance": False, "start": start})
        assert late.json()["type"] == "/problems/later-allowance"
    before = (world.now - timedelta(days=20)).isoformat()
    late = await client.put(url, json={"draws_allowance": False, "start": before})
    assert late.json()["type"] == "/problems/later-allowance"
    page = (await client.get(f"{url}s?limit=1")).json()
    assert [one["draws_allowance"] for one in page["items"]] == [False]
    rest = (await client.get(f"{url}s?limit=1&cursor={page['next_cursor']}")).json()
    assert [one["draws_allowance"] for one in rest["items"]] == [True]
    assert rest["items"][0]["end"] == page["items"][0]["start"]
    async with sessions() as session:
        at = world.now - timedelta(days=1)
        assert await draws_allowance(session, person.no, at) is True
        assert await draws_allowance(session, person.no, world.now - timedelta(days=11)) is None
        entries = (
            await session.scalars(
                select(JournalEntry).where(JournalEntry.action == "allowance.say")
            )
        ).all()
    assert [one.organisation_no for one in entries] == [world.organisations["a"].no] * 2
    await log_in(client, "clerk_b")
    assert (await client.get(f"{url}s")).status_code == 404
    assert (await client.put(url, json={"draws_allowance": True})).status_code == 404
    await log_in(client, "applicant_a")
    assert (await client.get(f"{url}s")).status_code == 403
