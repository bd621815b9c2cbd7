"""What an organisation says about a rule is in force for all below it, by date, journalled."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from fleet.rules import Excess, RuleKey, effective
from fleet.tables import JournalEntry
from kit.database import Sessions, transaction
from tests.support.world import World, log_in

API = "/api/v1/rules/values"


async def _say(client: httpx.AsyncClient, **body: object) -> httpx.Response:
    return await client.put(f"{API}/over_quota", json=body)


async def test_a_units_rule_is_that_of_the_level_above(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "authority")
    a = world.organisations["a"]
    told = await _say(client, value="refuse", reason="清理超编")
    assert told.status_code == 200, told.text
    assert (told.json()["value"], told.json()["version"]) == ("refuse", 1)
    shown = (await client.get(API, params={"organisation_id": str(a.id)})).json()
    (rule,) = [one for one in shown["items"] if one["key"] == "over_quota"]
    assert (rule["value"], rule["said_by"]["name"]) == ("refuse", "机关事务中心")
    assert not rule["may_change"]
    closed = await _say(client, value="flag", organisation_id=str(a.id))
    assert closed.json()["type"] == "/problems/rule-closed"
    async with transaction(sessions) as session:
        before = await effective(session, RuleKey.OVER_QUOTA, a.no, world.now)
        now = world.now + timedelta(hours=1)
        found = await effective(session, RuleKey.OVER_QUOTA, a.no, now)
        bureau_no = world.organisations["bureau"].no
        assert before == (Excess.FLAG, None, 0)
        assert found == (Excess.REFUSE, bureau_no, 1)
        entry = await session.scalar(select(JournalEntry).where(JournalEntry.action == "rule.say"))
        assert entry is not None
        assert entry.reason == "清理超编"


async def test_an_opened_rule_is_changed_below_and_given_back(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "authority")
    a = str(world.organisations["a"].id)
    assert (await _say(client, value="refuse", open_below=True)).status_code == 200
    own = await _say(client, value="flag", organisation_id=a)
    assert own.json()["said_by"]["name"] == "甲局"
    assert (await _say(client, value="refuse", organisation_id=a)).json()["version"] == 2
    back = await client.post(f"{API}/over_quota/end", json={"organisation_id": a})
    assert back.json()["said_by"]["name"] == "机关事务中心"
    again = await client.post(f"{API}/over_quota/end", json={"organisation_id": a})
    assert again.json()["type"] == "/problems/nothing-said"


async def test_a_later_value_is_not_written_over(client: httpx.AsyncClient, world: World) -> None:
    await log_in(client, "authority")
    ahead = (world.now + timedelta(days=30)).isoformat()
    assert (await _say(client, value="refuse", start=ahead)).json()["version"] == 1
    answer = await _say(client, value="flag")
    assert answer.json()["type"] == "/problems/later-rule-value"


@pytest.mark.parametrize(
    ("username", "status"), [("dispatcher", 403), ("clerk_a", 403), ("supervisor", 200)]
)
async def test_rules_are_read_by_those_who_need_them(
    client: httpx.AsyncClient, world: World, username: str, status: int
) -> None:
    await log_in(client, username)
    assert (await client.get(API)).status_code == status
    assert (await _say(client, value="flag")).status_code == 403


@pytest.mark.parametrize("value", [None, 1, "\u0000", ["flag"], {"a": "\u0000"}, 10**400])
async def test_a_hostile_value_is_refused(
    client: httpx.AsyncClient, world: World, value: object
) -> None:
    await log_in(client, "authority")
    assert (await _say(client, value=value)).status_code == 422
    uses = [{"category": "emergency", "code": "x", "name": value}]
    assert (await client.put(f"{API}/use_types", json={"value": uses})).status_code == 422
