"""Shifts, leave and the roster: no two at once, ended early, and why somebody is away is theirs."""

from datetime import timedelta

import httpx
from sqlalchemy import select

from fleet.tables import JournalEntry
from kit.clock import utc_now
from kit.database import Sessions
from tests.support.world import World, log_in

API = "/api/v1"


def span(world: World, first_h: float, last_h: float) -> dict[str, object]:
    return {
        "start": (world.now + timedelta(hours=first_h)).isoformat(),
        "end": (world.now + timedelta(hours=last_h)).isoformat(),
    }


async def test_shifts_of_a_driver_never_overlap_and_may_be_withdrawn(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "dispatcher")
    url = f"{API}/drivers/{world.drivers['a1'].id}/shifts"
    day = {"kind": "day_shift"} | span(world, 8, 16)
    made = await client.post(url, json=day)
    assert made.status_code == 201, made.text
    night = {"kind": "night_shift"} | span(world, 15, 24)
    assert (await client.post(url, json=night)).json()["type"] == "/problems/shift-overlap"
    long = {"kind": "standby"} | span(world, 30, 67)
    assert (await client.post(url, json=long)).json()["type"] == "/problems/too-long"
    back = {"kind": "standby"} | span(world, 30, 29)
    assert (await client.post(url, json=back)).json()["type"] == "/problems/empty-period"
    withdrawn = await client.post(f"{API}/shifts/{made.json()['id']}/end")
    assert withdrawn.json()["withdrawn_at"] is not None, withdrawn.text
    assert withdrawn.json()["end"] == made.json()["end"]
    assert (await client.post(url, json=night)).status_code == 201
    page = (await client.get(f"{url}?limit=1")).json()
    assert page["items"][0]["kind"] == "night_shift"
    rest = (await client.get(f"{url}?limit=1&cursor={page['next_cursor']}")).json()
    assert (rest["items"][0]["kind"], rest["next_cursor"]) == ("day_shift", None)
    await log_in(client, "clerk_b")
    assert (await client.get(url)).status_code == 404
    assert (await client.post(f"{API}/shifts/{made.json()['id']}/end")).status_code == 404
    assert (await client.post(url, json=day)).status_code == 404


async def test_leave_is_approved_by_others_and_its_reason_is_told_to_few(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    url = f"{API}/drivers/{world.drivers['a1'].id}/leaves"
    sick = {"kind": "sick", "reason": "手术"} | span(world, -24, 24)
    made = await client.post(url, json=sick)
    assert made.status_code == 201, made.text
    assert made.json()["approved_by"]["name"] == "车辆管理员"
    assert made.json()["reason"] == "手术"
    twice = await client.post(url, json=sick)
    assert twice.json()["type"] == "/problems/leave-overlap"
    await log_in(client, "dispatcher")
    (seen,) = (await client.get(url)).json()["items"]
    assert (seen["kind"], seen["reason"]) == (None, None)
    assert (await client.post(url, json=sick)).status_code == 403
    await log_in(client, "manager")
    early = await client.post(f"{API}/leaves/{made.json()['id']}/end")
    assert early.status_code == 200, early.text
    assert early.json()["withdrawn_at"] is None
    assert early.json()["end"] < made.json()["end"]
    again = await client.post(f"{API}/leaves/{made.json()['id']}/end")
    assert again.json()["type"] == "/problems/already-ended"
    async with sessions() as session:
        rows = await session.scalars(
            select(JournalEntry).where(JournalEntry.action.startswith("leave."))
        )
        told = [str((one.before, one.after, one.reason)) for one in rows]
    assert len(told) == 2
    assert not any("手术" in one or "sick" in one for one in told)


async def test_nobody_approves_their_own_leave(client: httpx.AsyncClient, world: World) -> None:
    await log_in(client, "manager")
    made = await client.post(
        f"{API}/drivers",
        json={
            "person_id": str(world.people["manager"].id),
            "licence_class": "C1",
            "organisation_id": str(world.organisations["bureau"].id),
        },
    )
    assert made.status_code == 201, made.text
    answer = await client.post(
        f"{API}/drivers/{made.json()['id']}/leaves",
        json={"kind": "annual", "reason": "休假"} | span(world, 1, 5),
    )
    assert answer.json()["type"] == "/problems/own-leave"


async def test_the_roster_says_who_is_on_duty_at_an_instant(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "clerk_a")
    where = {
        "organisation_id": str(world.organisations["a"].id),
        "kind": "holiday_duty",
    } | span(world, -1, 23)
    person = where | {"person_id": str(world.people["clerk_a"].id), "note": "带班"}
    car = where | {"vehicle_id": str(world.vehicles["a1"].id)}
    made = await client.post(f"{API}/rosters", json=person)
    assert made.status_code == 201, made.text
    assert (await client.post(f"{API}/rosters", json=car)).status_code == 201
    twice = await client.post(f"{API}/rosters", json=person)
    assert twice.json()["type"] == "/problems/roster-overlap"
    both = await client.post(f"{API}/rosters", json=person | {"vehicle_id": car["vehicle_id"]})
    assert both.status_code == 422
    other = where | {"person_id": str(world.people["clerk_b"].id)}
    assert (await client.post(f"{API}/rosters", json=other)).status_code == 404
    now = {"at": utc_now().isoformat()}
    found = (await client.get(f"{API}/rosters", params=now)).json()["items"]
    assert [(one["person"], one["vehicle"] and one["vehicle"]["plate"]) for one in found] == [
        (None, "示A10001"),
        ({"id": person["person_id"], "name": "用车管理员"}, None),
    ]
    later = {"at": (world.now + timedelta(days=2)).isoformat()}
    assert (await client.get(f"{API}/rosters", params=later)).json()["items"] == []
    off = await client.post(f"{API}/rosters/{made.json()['id']}/end")
    assert off.status_code == 200, off.text
    now = {"at": utc_now().isoformat()}
    left = (await client.get(f"{API}/rosters", params=now)).json()["items"]
    assert [one["person"] for one in left] == [None]
    await log_in(client, "clerk_b")
    assert (await client.get(f"{API}/rosters")).json()["items"] == []
    assert (await client.post(f"{API}/rosters/{made.json()['id']}/end")).status_code == 404
