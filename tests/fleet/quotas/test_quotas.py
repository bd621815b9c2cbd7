"""Quotas are kept by all who add vehicles at once, and what exceeds is refused or flagged."""

import asyncio
from datetime import timedelta

import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.quotas.errors import OverQuota
from fleet.quotas.setting import set_quota
from fleet.rules.keys import Excess, RuleKey
from fleet.tables import RuleValue
from fleet.vehicles.plates import PlateColour
from fleet.vehicles.register import add_vehicle
from fleet.words import Category, Energy, Holding
from kit.clock import shanghai_day, utc_now
from kit.database import Sessions, transaction
from tests.fleet.vehicles.cars import API, car
from tests.support.world import World, log_in


def say(session: AsyncSession, world: World, key: RuleKey, value: Excess) -> None:
    """Let the bureau say what happens to what exceeds."""
    session.add(
        RuleValue(
            organisation_no=world.organisations["bureau"].no,
            key=key,
            version=1,
            value=value.value,
            open_below=False,
            period=period(world.since),
        )
    )


async def set_a(sessions: Sessions, world: World, count: int, rule: Excess) -> None:
    """Give unit A a quota of `count`, of which 3 are used."""
    async with transaction(sessions) as session:
        say(session, world, RuleKey.OVER_QUOTA, rule)
        await set_quota(
            session,
            Act(actor=None, now=world.since),
            organisation=world.organisations["a"],
            category=Category.OTHER_PRESCRIBED,
            count=count,
            basis="编制批复 1 号",
        )


async def test_of_twenty_additions_at_once_one_gets_the_free_place(
    world: World, sessions: Sessions
) -> None:
    await set_a(sessions, world, 4, Excess.REFUSE)

    async def add(n: int) -> bool:
        try:
            async with transaction(sessions) as session:
                await add_vehicle(
                    session,
                    Act(actor=None, now=utc_now()),
                    plate=f"示A{40_000 + n}",
                    plate_colour=PlateColour.BLUE,
                    model="轿车",
                    category=Category.OTHER_PRESCRIBED,
                    seats=5,
                    energy=Energy.PETROL,
                    holding=Holding.RETAINED,
                    organisation=world.organisations["a"],
                    demo=True,
                )
        except OverQuota:
            return False
        return True

    added = await asyncio.gather(*(add(n) for n in range(20)))
    assert sum(added) == 1


async def test_what_exceeds_a_quota_is_flagged_where_the_rule_lets_it_pass(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await set_a(sessions, world, 3, Excess.FLAG)
    await log_in(client, "manager")
    over = await client.post(f"{API}/vehicles", json=car(world))
    assert over.json()["excess"] == ["over_quota"]
    rented = car(world, plate="示A20002", holding="rental")
    assert (await client.post(f"{API}/vehicles", json=rented)).json()["excess"] == []
    (quota,) = (await client.get(f"{API}/quotas?over=true")).json()["items"]
    assert (quota["count"], quota["used"], quota["free"], quota["over"]) == (3, 4, 0, 1)
    flagged = (await client.get(f"{API}/vehicles?excess=over_quota")).json()["items"]
    assert [one["plate"] for one in flagged] == ["示A20001"]
    gone = {"method": "auction"}
    a1, a2 = world.vehicles["a1"].id, world.vehicles["a2"].id
    assert (await client.post(f"{API}/vehicles/{a1}/disposals", json=gone)).status_code == 201
    today = {"day": shanghai_day(world.now).isoformat()}
    renewed = await client.post(f"{API}/vehicles/{a2}/renewals", json=today)
    assert renewed.status_code == 201, renewed.text
    (quota,) = (await client.get(f"{API}/quotas")).json()["items"]
    assert (quota["used"], quota["free"], quota["over"]) == (2, 1, 0)


async def test_a_full_quota_refuses_additions_transfers_and_changes_by_rule(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await set_a(sessions, world, 3, Excess.REFUSE)
    await log_in(client, "manager")
    refused = await client.post(f"{API}/vehicles", json=car(world))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/over-quota")
    assert refused.json()["used"] == 3
    b1 = f"{API}/vehicles/{world.vehicles['b1'].id}"
    to_a = {"organisation_id": str(world.organisations["a"].id)}
    assert (await client.post(f"{b1}/transfers", json=to_a)).json()["type"] == (
        "/problems/over-quota"
    )
    assert (await client.get(b1)).json()["unit"]["name"] == "乙局"
    emergency = await client.post(f"{API}/vehicles", json=car(world, category="emergency"))
    assert emergency.status_code == 201
    back = await client.patch(
        f"{API}/vehicles/{emergency.json()['id']}", json={"category": "other_prescribed"}
    )
    assert back.json()["type"] == "/problems/over-quota"
    renewal = car(world, plate="示A20003", replaces_id=str(world.vehicles["a1"].id))
    assert (await client.post(f"{API}/vehicles", json=renewal)).status_code == 201


async def test_standards_are_seeded_inclusive_and_a_lower_level_tightens_them(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "authority")
    seeded = (await client.get(f"{API}/standards?limit=500")).json()["items"]
    assert len(seeded) == 12
    assert {one["organisation"] for one in seeded} == {None}
    assert all("第七条" in one["source"] for one in seeded)
    await log_in(client, "manager")
    at_the_bound = car(world, price_fen=18_000_000, displacement_ml=1800, body="sedan")
    assert (await client.post(f"{API}/vehicles", json=at_the_bound)).json()["excess"] == []
    above = at_the_bound | {"plate": "示A20002", "price_fen": 18_000_001}
    assert (await client.post(f"{API}/vehicles", json=above)).json()["excess"] == ["over_standard"]

    await log_in(client, "authority")
    stricter = {
        "organisation_id": str(world.organisations["a"].id),
        "category": "other_prescribed",
        "price_fen": 15_000_000,
        "source": "本级通知 2 号",
    }
    made = await client.post(f"{API}/standards", json=stricter)
    assert made.status_code == 201, made.text
    special = stricter | {"category": "special_technical"}
    assert (await client.post(f"{API}/standards", json=special)).status_code == 422
    async with transaction(sessions) as session:
        say(session, world, RuleKey.OVER_STANDARD, Excess.REFUSE)
    await log_in(client, "manager")
    in_a = at_the_bound | {"plate": "示A20003"}
    refused = await client.post(f"{API}/vehicles", json=in_a)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/over-standard")
    assert refused.json()["bounds"] == {"price_fen": 15_000_000}
    in_b = in_a | {"organisation_id": str(world.organisations["b"].id)}
    assert (await client.post(f"{API}/vehicles", json=in_b)).status_code == 201


async def test_a_quota_is_dated_and_its_history_stays(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "authority")
    body = {
        "organisation_id": str(world.organisations["a"].id),
        "category": "emergency",
        "count": 2,
        "basis": "批复 3 号",
    }
    first = await client.post(f"{API}/quotas", json=body)
    assert first.status_code == 201, first.text
    earlier = body | {"since": (world.now - timedelta(days=1)).isoformat()}
    assert (await client.post(f"{API}/quotas", json=earlier)).json()["type"] == (
        "/problems/later-quota"
    )
    assert (await client.post(f"{API}/quotas", json=body | {"count": 5})).status_code == 201
    (now,) = (await client.get(f"{API}/quotas")).json()["items"]
    assert (now["count"], now["free"]) == (5, 5)
    await log_in(client, "clerk_b")
    assert (await client.get(f"{API}/quotas")).json()["items"] == []
    assert (await client.post(f"{API}/quotas", json=body)).status_code == 403
