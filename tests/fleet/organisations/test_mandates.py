"""A matter over an organisation has one holder at a time, and the nearest one counts."""

from datetime import timedelta

import httpx

from fleet.acts import Act
from fleet.organisations.mandate_store import authority_of, holder_of
from fleet.organisations.mandates import give_mandate
from fleet.organisations.tree import add_organisation
from fleet.words import Matter, OrganisationKind
from kit.database import Sessions, transaction
from tests.support.world import World, log_in

API = "/api/v1/mandates"


async def test_a_second_holder_is_refused_until_the_first_has_ended(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "secadmin")
    a, b = (str(world.organisations[key].id) for key in ("a", "b"))
    wanted = {"holder_id": b, "over_id": a, "matter": "dispatch"}
    refused = await client.post(API, json=wanted)
    assert refused.json()["type"] == "/problems/mandate-held"
    listed = await client.get(API, params={"organisation_id": a, "matter": "dispatch"})
    (held,) = listed.json()["items"]
    assert held["holder"]["name"] == "机关事务中心"
    end = (world.now + timedelta(days=10)).isoformat()
    ended = await client.post(f"{API}/{held['id']}/end", json={"end": end, "reason": "移交"})
    assert ended.status_code == 200, ended.text
    given = await client.post(API, json={**wanted, "start": end})
    assert given.status_code == 201, given.text
    again = await client.post(f"{API}/{held['id']}/end", json={"end": end})
    assert again.json()["type"] == "/problems/mandate-ended"
    for at, holder in ((world.now.isoformat(), "机关事务中心"), (end, "乙局")):
        rows = await client.get(API, params={"organisation_id": a, "matter": "dispatch", "at": at})
        assert [one["holder"]["name"] for one in rows.json()["items"]] == [holder]


async def test_only_the_security_administrator_gives_mandates(
    client: httpx.AsyncClient, world: World
) -> None:
    a, b = (str(world.organisations[key].id) for key in ("a", "b"))
    for username in ("manager", "sysadmin", "dispatcher"):
        await log_in(client, username)
        answer = await client.post(API, json={"holder_id": b, "over_id": a, "matter": "approve"})
        assert answer.status_code == 403


async def test_the_nearest_mandate_up_the_tree_counts(world: World, sessions: Sessions) -> None:
    bureau, a, b = (world.organisations[key] for key in ("bureau", "a", "b"))
    act = Act(None, world.now)
    async with transaction(sessions) as session:
        below = await add_organisation(
            session, act, name="甲局下属站", kind=OrganisationKind.UNIT, parent=a
        )
        found = await holder_of(session, below.no, Matter.MANAGE, world.now)
        assert found is not None
        assert found.no == bureau.no
        await give_mandate(session, act, holder=b, over=below, matter=Matter.MANAGE)
        found = await holder_of(session, below.no, Matter.MANAGE, world.now)
        assert found is not None
        assert found.no == b.no
        assert await holder_of(session, bureau.no, Matter.MANAGE, world.now) is None
        authority = await authority_of(session, world.vehicles["a1"].no, world.now)
        assert authority is not None
        assert authority.no == bureau.no
