"""Organisations get other names and places by date, and nothing of before is lost."""

from datetime import date, timedelta

import httpx
import pytest

from fleet.acts import Act
from fleet.organisations.region_import import RegionRow, import_regions
from fleet.organisations.store import names_at
from kit.database import Sessions, transaction
from tests.support.world import World, log_in

API = "/api/v1/organisations"


async def _make(client: httpx.AsyncClient, name: str, **more: object) -> dict[str, object]:
    answer = await client.post(API, json={"name": name, "kind": "unit", **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


async def test_a_renamed_unit_keeps_the_name_of_each_time(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    unit = world.organisations["a"]
    since = world.now - timedelta(days=3)
    body = {"name": "甲委员会", "start": since.isoformat(), "reason": "机构改革"}
    answer = await client.post(f"{API}/{unit.id}/names", json=body)
    assert answer.status_code == 201, answer.text
    shown = (await client.get(f"{API}/{unit.id}")).json()
    assert shown["name"] == "甲委员会"
    assert [one["name"] for one in shown["names"]] == ["甲局", "甲委员会"]
    assert shown["names"][0]["end"] == shown["names"][1]["start"]
    found = (await client.get(API, params={"q": "甲局"})).json()["items"]
    assert [one["name"] for one in found] == ["甲委员会"]
    async with transaction(sessions) as session:
        before = await names_at(session, [unit.no], since - timedelta(seconds=1))
        after = await names_at(session, [unit.no], since)
    assert (before[unit.no], after[unit.no]) == ("甲局", "甲委员会")


@pytest.mark.parametrize(
    ("days", "status", "problem"),
    [(1, 422, "not-yet"), (-50, 409, "later-change")],
)
async def test_a_name_is_not_written_ahead_nor_under_a_later_one(
    client: httpx.AsyncClient, world: World, days: int, status: int, problem: str
) -> None:
    await log_in(client, "manager")
    start = world.now + timedelta(days=days)
    path = f"{API}/{world.organisations['a'].id}/names"
    answer = await client.post(path, json={"name": "新名", "start": start.isoformat()})
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")


async def test_a_unit_moves_by_date_with_all_that_stands_below_it(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    a, b = world.organisations["a"], world.organisations["b"]
    below = await _make(client, "甲局下属站", parent_id=str(a.id))
    path = f"{API}/{a.id}/parents"
    ahead = world.now + timedelta(days=30)
    answer = await client.post(path, json={"parent_id": str(b.id), "start": ahead.isoformat()})
    assert answer.status_code == 201, answer.text
    assert answer.json()["parent"]["name"] == "机关事务中心"
    again = await client.post(path, json={"parent_id": str(b.id)})
    assert again.json()["type"] == "/problems/later-change"
    shown = (await client.get(f"{API}/{a.id}")).json()
    assert [one["parent"]["name"] for one in shown["parents"]] == ["机关事务中心", "乙局"]
    other = f"{API}/{below['id']}/parents"
    assert (await client.post(other, json={"parent_id": str(b.id)})).status_code == 201
    listed = (await client.get(API, params={"parent_id": str(b.id)})).json()["items"]
    assert [one["name"] for one in listed] == ["甲局下属站"]


async def test_nothing_comes_to_stand_below_itself_at_any_time(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    a, b = world.organisations["a"], world.organisations["b"]
    ahead = (world.now + timedelta(days=30)).isoformat()
    first = {"parent_id": str(b.id), "start": ahead}
    assert (await client.post(f"{API}/{a.id}/parents", json=first)).status_code == 201
    for one, parent in ((b, a), (b, b), (world.organisations["bureau"], a)):
        answer = await client.post(f"{API}/{one.id}/parents", json={"parent_id": str(parent.id)})
        assert answer.json()["type"] == "/problems/tree-circle"


async def test_doubtful_codes_are_told_and_stand(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    codes = {"uscc": "91350203M0001QAY9B", "region_code": "990121"}
    made = await _make(client, "试点单位", **codes)
    assert [one["code"] for one in made["warnings"]] == ["uscc_check_digit"]  # type: ignore[attr-defined]
    async with transaction(sessions) as session:
        row = RegionRow("990122", "示县", date(2000, 1, 1), None, None)
        assert await import_regions(session, Act(None, world.now), [row]) == 1
        assert await import_regions(session, Act(None, world.now), [row]) == 0
    shown = (await client.get(f"{API}/{made['id']}")).json()
    assert [one["code"] for one in shown["warnings"]] == ["uscc_check_digit", "region_unknown"]
    changed = await client.patch(
        f"{API}/{made['id']}", json={"uscc": None, "region_code": "990122"}
    )
    assert changed.json()["warnings"] == []
    assert (changed.json()["uscc"], changed.json()["kind"]) == (None, "unit")
    listed = (await client.get("/api/v1/regions", params={"prefix": "99"})).json()["items"]
    assert [one["code"] for one in listed] == ["990122"]
    refused = await client.post(API, json={"name": "x", "kind": "unit", "uscc": "O" * 18})
    assert refused.status_code == 422


async def test_only_an_organisation_to_which_nothing_belongs_can_end(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    made = await _make(client, "临时机构")
    reason = {"reason": "撤销"}
    used = await client.post(f"{API}/{world.organisations['a'].id}/end", json=reason)
    assert used.json()["type"] == "/problems/organisation-in-use"
    assert "3 vehicles" in used.json()["detail"]
    ended = await client.post(f"{API}/{made['id']}/end", json=reason)
    assert ended.json()["ended_at"] is not None
    names = {one["name"] for one in (await client.get(API)).json()["items"]}
    assert "临时机构" not in names
    everyone = (await client.get(API, params={"with_ended": True})).json()["items"]
    assert "临时机构" in {one["name"] for one in everyone}
    late = await client.post(API, json={"name": "x", "kind": "unit", "parent_id": made["id"]})
    assert late.json()["type"] == "/problems/organisation-ended"


async def test_organisations_outside_the_scope_do_not_exist(
    client: httpx.AsyncClient, world: World
) -> None:
    b = world.organisations["b"].id
    await log_in(client, "clerk_b")
    assert (await client.get(f"{API}/{b}")).status_code == 200
    await log_in(client, "clerk_a")
    assert (await client.get(f"{API}/{b}")).status_code == 404
    assert (await client.get(API, params={"parent_id": str(b)})).status_code == 404
    assert (await client.patch(f"{API}/{b}", json={"kind": "unit"})).status_code == 403
