"""Types are promised through the API, bound late, and nobody breaks a promise unknowingly."""

import asyncio
from datetime import timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from dispatch.capacity import reserving
from dispatch.capacity.errors import CapacityFull
from dispatch.capacity.reserving import Wish
from fleet.access import load_stand_in
from fleet.acts import Act
from fleet.tables import Outage
from kit.clock import utc_now
from kit.database import transaction
from kit.ids import new_id
from tests.dispatch.capacity.promising import (
    add_pool_vehicles,
    held,
    reservations,
    reserve,
    say_rule,
    try_to_reserve,
)
from tests.dispatch.missions.people import act, issued
from tests.dispatch.office import Office, instant, ok, problem
from tests.dispatch.test_bookings import awaiting, hours


async def test_hundred_concurrent_promises_against_ten_vehicles_are_exactly_ten(
    office: Office,
) -> None:
    await add_pool_vehicles(office, 8)
    async with transaction(office.sessions) as session:
        rows = [awaiting(office.world, hours(9, 11)) for _ in range(102)]
        session.add_all(rows)
        now = utc_now()
        actor = await load_stand_in(session, office.world.people["dispatcher"].no, now)
    assert actor is not None
    wish = Wish(revision=3, pool_no=office.world.organisations["bureau"].no)

    async def promise(request_id: UUID) -> bool:
        try:
            async with transaction(office.sessions) as session:
                await reserving.reserve(session, Act(actor, now), request_id, wish)
        except CapacityFull:
            return False
        return True

    promised = await asyncio.gather(*(promise(row.id) for row in rows[:100]))
    assert sum(promised) == 10
    # The others are told what could be done instead.
    lost = {"id": rows[100].id, "revision": 3}
    instead = problem(await try_to_reserve(office, lost), "capacity-full", 409)["alternatives"]
    earlier, later = instead["other_times"]
    start, end = rows[0].period.lower, rows[0].period.upper
    assert start is not None
    assert end is not None
    assert instant(earlier["end"]) <= start
    assert instant(later["start"]) >= end
    assert {one["organisation"]["name"] for one in instead["other_pools"]} == {"甲局", "乙局"}
    assert instead["rental"] == []
    # A time that is told can be had.
    moved = await office.post(
        "dispatcher",
        f"/requests/{lost['id']}/times",
        {"revision": 3, "start": later["start"], "end": later["end"], "reason": "改期"},
    )
    await reserve(office, ok(moved))
    assert len(await held(office)) == 11


async def test_where_a_type_is_full_any_vehicle_of_the_same_pool_is_offered(
    office: Office,
) -> None:
    request = await office.approved()
    refused = await try_to_reserve(office, request, energy="electric")
    instead = problem(refused, "capacity-full", 409)["alternatives"]
    names = [one["organisation"]["name"] for one in instead["other_pools"]]
    assert "机关事务中心" in names
    assert instead["other_times"] == []
    whose = next(one["organisation"]["id"] for one in instead["other_pools"])
    taken = {"revision": request["revision"], "organisation_id": whose}
    path = f"/requests/{request['id']}/reservation"
    assert ok(await office.post("dispatcher", path, taken), 201)["energy"] is None


async def test_a_promise_is_bound_released_and_held_again_with_its_request(office: Office) -> None:
    await office.client("dispatcher")
    request = await office.approved(start_in=timedelta(hours=30), hours=2)
    made = await reserve(office, request)
    assert made["state"] == "held"
    assert made["organisation"]["name"] == "机关事务中心"
    assert instant(made["period"]["end"]) > instant(made["ride"]["end"])
    order = ok(await office.assign(request, "pool1", "pool1"), 201)
    (bound,) = await reservations(office, request, "applicant_a")
    assert (bound["state"], bound["order_id"]) == ("bound", order["id"])
    undone = ok(await office.step("dispatcher", order, "undo", revision=order["revision"]))
    assert undone["state"] == "cancelled"
    (held,) = await reservations(office, request)
    assert (held["state"], held["order_id"]) == ("held", None)
    request = ok(await office.get("applicant_a", f"/requests/{request['id']}"))
    withdrawn = await office.post(
        "applicant_a",
        f"/requests/{request['id']}/withdraw",
        {"revision": request["revision"], "reason": "取消"},
    )
    ok(withdrawn)
    assert [one["state"] for one in await reservations(office, request)] == ["released"]


async def test_who_takes_a_vehicle_that_others_were_promised_is_told_which_promise_breaks(
    office: Office,
) -> None:
    when = {"start_in": timedelta(hours=30), "hours": 2}
    promised = [await office.approved(**when) for _ in range(2)]
    for one in promised:
        await reserve(office, one)
    walk_in = await office.approved(start_in=timedelta(hours=31), hours=1)
    told = problem(await office.assign(walk_in, "pool1", "pool1"), "override-needs-reason", 409)
    assert [one["rule"] for one in told["objections"]] == ["reservations"]
    assert "1 项预留无法兑现" in told["objections"][0]["sentence"]
    # One's own promise is no hindrance, nor is a vehicle of another pool.
    first = ok(await office.assign(promised[0], "pool2", "pool2"), 201)
    assert first["state"] == "assigned"
    ok(await office.assign(walk_in, "a1", "a1"), 201)
    # Whoever takes it all the same says why, and what then can't be kept is told.
    other = await office.approved(start_in=timedelta(hours=31), hours=1)
    ok(await office.assign(other, "pool1", "pool1", reason="领导临时任务", override=True), 201)
    pool = str(office.world.organisations["bureau"].id)
    path = "/reservations/endangered"
    endangered = ok(await office.get("dispatcher", path, organisation_id=pool))["items"]
    assert [one["reservation"]["request_id"] for one in endangered] == [promised[1]["id"]]
    assert endangered[0]["sentence"] == "该时段没有符合条件的在用车辆"


async def test_an_outage_endangers_the_promise_made_last(office: Office) -> None:
    when = {"start_in": timedelta(hours=30), "hours": 2}
    promised = [await office.approved(**when) for _ in range(2)]
    for one in promised:
        await reserve(office, one)
    async with transaction(office.sessions) as session:
        session.add(
            Outage(
                id=new_id(),
                vehicle_no=office.world.vehicles["pool1"].no,
                kind="maintenance",
                reason="保养",
                period=Range(utc_now() + timedelta(hours=31), None, bounds="[)"),
            )
        )
    pool = str(office.world.organisations["bureau"].id)
    path = "/reservations/endangered"
    (one,) = ok(await office.get("dispatcher", path, organisation_id=pool))["items"]
    assert one["reservation"]["request_id"] == promised[1]["id"]
    assert one["sentence"] == "该时段同类预留 2 项，可用车辆 1 辆"


async def test_a_rule_promises_a_ride_that_is_approved_early_and_keeps_what_it_could_not(
    office: Office,
) -> None:
    await say_rule(office, "reserved_from_h", 24)
    soon = await office.approved(start_in=timedelta(hours=3), hours=1)
    assert await reservations(office, soon) == []
    late = [
        await office.approved(start_in=timedelta(hours=40), hours=2, passengers=passengers)
        for passengers in (1, 1, 1, 1, 1, 1, 1, 1, 1)
    ]
    made = [one for request in late for one in await reservations(office, request)]
    # Three vehicles of its own first, then two of the pool, then three of the other unit.
    names = [one["organisation"]["name"] for one in made if one["state"] == "held"]
    assert names == ["甲局"] * 3 + ["机关事务中心"] * 2 + ["乙局"] * 3
    assert [one["state"] for one in made][-1] == "refused"
    assert made[-1]["reason"] == "该时段没有可预留的车辆"
    assert all(one["automatic"] for one in made)


async def test_what_was_bound_is_released_when_its_request_is_cancelled(office: Office) -> None:
    request = await office.approved(start_in=timedelta(hours=30), hours=2)
    await reserve(office, request)
    ok(await office.assign(request, "pool1", "pool1"), 201)
    request = ok(await office.get("applicant_a", f"/requests/{request['id']}"))
    told = {"revision": request["revision"], "reason": "会议取消"}
    ok(await office.post("applicant_a", f"/requests/{request['id']}/cancel", told))
    (ended,) = await reservations(office, request)
    assert (ended["state"], ended["order_id"], ended["reason"]) == ("released", None, "会议取消")


async def test_what_was_bound_is_released_when_its_order_is_cancelled(office: Office) -> None:
    request = await office.approved(start_in=timedelta(hours=30), hours=2)
    await reserve(office, request)
    order = ok(await office.assign(request, "pool1", "pool1"), 201)
    ok(await office.step("dispatcher", order, "cancel", reason="车辆另有安排"))
    (ended,) = await reservations(office, request)
    told = (ended["state"], ended["order_id"], ended["reason"])
    assert told == ("released", None, "车辆另有安排")


async def test_a_cancelled_mission_holds_nothing_for_its_rides(office: Office) -> None:
    """One ride has its vehicle and one awaits it: what both were promised is free again."""
    mission = await issued(office, rides=[{"count": 2, "passengers": 3}])
    for ride in mission["rides"]:
        order = ok(await office.get("dispatcher", f"/orders/{ride['order']['id']}"))
        ok(await office.step("dispatcher", order, "undo", reason="另派"))
        request = ok(await office.get("dispatcher", f"/requests/{ride['request_id']}"))
        await reserve(office, request)
    ok(await office.assign(request, "pool1", "pool1"), 201)
    path = f"/missions/{mission['id']}"
    await act(
        office, "dispatcher", ok(await office.get("dispatcher", path)), "cancel", reason="改期"
    )
    for ride in mission["rides"]:
        (ended,) = await reservations(office, {"id": ride["request_id"]})
        assert ended["state"] == "released"
