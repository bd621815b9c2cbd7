"""Outages: entered, listed, ended; what was promised meanwhile is named."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from fleet.acts import Act
from fleet.outages.outages import report_defect
from fleet.outages.tables import Outage
from fleet.tables import JournalEntry
from kit.database import Sessions, transaction
from tests.support.world import World, log_in

API = "/api/v1"


def hours(world: World, first: float, last: float) -> dict[str, str]:
    return {
        "start": (world.now + timedelta(hours=first)).isoformat(),
        "end": (world.now + timedelta(hours=last)).isoformat(),
    }


async def test_a_vehicle_stands_still_once_for_each_reason_and_is_put_back(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    vehicle = world.vehicles["a1"]
    url = f"{API}/vehicles/{vehicle.id}/outages"
    planned = {"kind": "maintenance", "reason": "保养"} | hours(world, 48, 52)
    made = await client.post(url, json=planned)
    assert made.status_code == 201, made.text
    assert made.json()["orders"] == []
    assert made.json()["recorded_by"]["name"] == "车辆管理员"
    twice = await client.post(url, json={**planned, **hours(world, 51, 60)})
    assert twice.json()["type"] == "/problems/outage-overlap"
    back = await client.post(url, json={**planned, **hours(world, 60, 59)})
    assert back.json()["type"] == "/problems/empty-period"
    long = await client.post(url, json={**planned, **hours(world, 60, 60 + 367 * 24)})
    assert long.json()["type"] == "/problems/outage-too-long"
    defect = await client.post(url, json={"kind": "defect", "reason": "制动异响"})
    assert (defect.status_code, defect.json()["end"]) == (201, None)
    page = (await client.get(f"{API}/outages?limit=1&vehicle_id={vehicle.id}")).json()
    assert [one["kind"] for one in page["items"]] == ["defect"]
    rest = (await client.get(f"{API}/outages?limit=1&cursor={page['next_cursor']}")).json()
    assert ([one["kind"] for one in rest["items"]], rest["next_cursor"]) == (["maintenance"], None)
    told = {"at": (world.now + timedelta(hours=49)).isoformat(), "kind": "maintenance"}
    assert len((await client.get(f"{API}/outages", params=told)).json()["items"]) == 1
    ended = f"{API}/outages/{defect.json()['id']}/end"
    assert (await client.post(ended, json={})).status_code == 422
    mended = await client.post(ended, json={"reason": "更换制动片"})
    assert mended.status_code == 200, mended.text
    assert mended.json()["end"] is not None
    assert (await client.post(ended, json={"reason": "再次"})).json()["type"] == (
        "/problems/already-ended"
    )
    withdrawn = await client.post(f"{API}/outages/{made.json()['id']}/end", json={"reason": "改期"})
    assert withdrawn.json()["withdrawn_at"] is not None
    async with sessions() as session:
        entries = (
            await session.scalars(
                select(JournalEntry)
                .where(JournalEntry.action.in_(["outage.open", "outage.end"]))
                .order_by(JournalEntry.no)
            )
        ).all()
    assert [one.action for one in entries] == ["outage.open"] * 2 + ["outage.end"] * 2
    assert {one.object_id for one in entries} == {vehicle.id}


async def test_outages_of_another_unit_do_not_exist(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "dispatcher")
    made = await client.post(
        f"{API}/vehicles/{world.vehicles['a1'].id}/outages",
        json={"kind": "defect", "reason": "漏油"},
    )
    assert made.status_code == 201, made.text
    await log_in(client, "clerk_b")
    assert (await client.get(f"{API}/outages")).json()["items"] == []
    await log_in(client, "clerk_a")
    assert len((await client.get(f"{API}/outages")).json()["items"]) == 1
    ended = await client.post(f"{API}/outages/{made.json()['id']}/end", json={"reason": "已修复"})
    assert ended.status_code == 403


@pytest.mark.parametrize(
    ("first", "last", "left"),
    [(-2.0, None, 1), (-2.0, 3.0, 2), (5.0, None, 2)],
    ids=["open already", "would end", "begins later"],
)
async def test_a_reported_defect_stands_open_from_now_on(
    world: World, sessions: Sessions, first: float, last: float | None, left: int
) -> None:
    vehicle, unit = world.vehicles["a1"], world.organisations["a"]
    act = Act(None, world.now)
    async with transaction(sessions) as session:
        earlier = Act(None, world.now + timedelta(hours=min(first, 0)))
        before = await report_defect(
            session, earlier, vehicle=vehicle, organisation_no=unit.no, reason="异响"
        )
        start = world.now + timedelta(hours=first)
        end = world.now + timedelta(hours=last) if last else None
        before.period = type(before.period)(start, end, bounds="[)")
    async with transaction(sessions) as session:
        found = await report_defect(
            session, act, vehicle=vehicle, organisation_no=unit.no, reason="漏油"
        )
        assert found.period.upper is None
        assert found.period.lower is not None
        assert found.period.lower <= world.now
    async with sessions() as session:
        ids: list[UUID] = list(await session.scalars(select(Outage.id)))
    assert len(ids) == left
