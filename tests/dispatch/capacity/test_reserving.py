"""Types are promised through the API, bound late, and nobody breaks a promise unknowingly."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from dispatch.capacity import reserving
from dispatch.capacity.errors import CapacityFull
from dispatch.capacity.reserving import Wish
from dispatch.capacity.tables import Reservation
from dispatch.capacity.words import ReservationState
from fleet.access import load_stand_in
from fleet.acts import Act
from fleet.tables import Outage, RuleValue
from fleet.vehicles.plates import PlateColour
from fleet.vehicles.register import add_vehicle
from fleet.words import Category, Energy, Holding
from kit.clock import utc_now
from kit.database import transaction
from kit.ids import new_id
from tests.dispatch.missions.people import act, approved, issued
from tests.dispatch.office import Json, Office, instant, ok, problem
from tests.dispatch.test_bookings import awaiting, hours
from tests.support.world import LATITUDE, LONGITUDE


async def reserve(office: Office, request: Json, pool: str = "bureau", **more: object) -> Json:
    return ok(await try_to_reserve(office, request, pool, **more), 201)


async def try_to_reserve(
    office: Office, request: Json, pool: str = "bureau", **more: object
) -> httpx.Response:
    body = {
        "revision": request["revision"],
        "organisation_id": str(office.world.organisations[pool].id),
        **more,
    }
    return await office.post("dispatcher", f"/requests/{request['id']}/reservation", body)


async def reservations(office: Office, request: Json, username: str = "dispatcher") -> list[Json]:
    page = ok(await office.get(username, "/reservations", request_id=request["id"]))
    return list(page["items"])


async def add_pool_vehicles(office: Office, count: int) -> None:
    async with transaction(office.sessions) as session:
        for n in range(count):
            await add_vehicle(
                session,
                Act(actor=None, now=office.world.since),
                plate=f"示P2{n:04d}",
                plate_colour=PlateColour.BLUE,
                model="轿车",
                category=Category.OTHER_PRESCRIBED,
                seats=5,
                energy=Energy.PETROL,
                holding=Holding.POOL,
                organisation=office.world.organisations["bureau"],
                base=office.world.bases["bureau"],
                demo=True,
            )


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


async def held(office: Office) -> list[Reservation]:
    async with office.sessions() as session:
        rows = select(Reservation).where(Reservation.state == ReservationState.HELD)
        return list((await session.scalars(rows)).all())


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


async def say_rule(office: Office, key: str, value: object) -> None:
    async with transaction(office.sessions) as session:
        session.add(
            RuleValue(
                organisation_no=office.world.organisations["bureau"].no,
                key=key,
                version=1,
                value=value,
                open_below=True,
                period=Range(office.world.since, None, bounds="[)"),
            )
        )


async def test_times_in_which_the_way_cannot_be_driven_are_refused_with_what_it_takes(
    office: Office,
) -> None:
    far = {"name": "远站", "latitude": LATITUDE + 0.9, "longitude": LONGITUDE}
    request = await office.approved(start_in=timedelta(hours=30), hours=4, destination=far)
    start = instant(request["period"]["start"])
    refused = await office.post(
        "dispatcher",
        f"/requests/{request['id']}/times",
        {
            "revision": request["revision"],
            "start": start.isoformat(),
            "end": (start + timedelta(minutes=30)).isoformat(),
            "reason": "改期",
        },
    )
    assert problem(refused, "ride-too-short", 422)["least_minutes"] >= 90
    shown = ok(await office.get("dispatcher", f"/requests/{request['id']}"))
    assert shown["period"] == request["period"]


async def test_a_pick_up_that_was_told_goes_with_the_times_for_which_it_was_told(
    office: Office,
) -> None:
    order = await office.assigned("a1", "a1", start_in=timedelta(hours=30))
    path, moved = f"/requests/{order['requests'][0]['id']}", timedelta(hours=5)
    assert ok(await office.get("applicant_a", path))["promised_pickup_at"] is not None
    ok(await office.step("dispatcher", order, "undo"))
    request = ok(await office.get("dispatcher", path))
    times = {
        name: (instant(request["period"][name]) - moved).isoformat() for name in ("start", "end")
    }
    body = {"revision": request["revision"], "reason": "提前", **times}
    changed = ok(await office.post("dispatcher", f"{path}/times", body))
    assert changed["promised_pickup_at"] is None
    ok(await office.assign(changed, "a2", "a2"), 201)
    told = ok(await office.get("applicant_a", path))["promised_pickup_at"]
    assert instant(told) == instant(times["start"])


async def test_times_of_a_mission_are_those_of_its_one_approval(office: Office) -> None:
    mission = await approved(office)
    request = ok(await office.get("dispatcher", f"/requests/{mission['rides'][0]['request_id']}"))
    body = {"revision": request["revision"], "reason": "改期", **request["period"]}
    refused = await office.post("dispatcher", f"/requests/{request['id']}/times", body)
    problem(refused, "ride-of-mission", 409)


async def test_other_times_are_no_longer_than_those_that_were_approved(office: Office) -> None:
    request = await office.approved(start_in=timedelta(hours=30), hours=2)
    path, start = f"/requests/{request['id']}/times", instant(request["period"]["start"])
    later = start + timedelta(hours=3)
    body = {"revision": request["revision"], "reason": "改期", "start": later.isoformat()}
    longer = body | {"end": (later + timedelta(hours=2, seconds=1)).isoformat()}
    problem(await office.post("dispatcher", path, longer), "longer-than-approved", 409)
    ok(
        await office.post(
            "dispatcher", path, body | {"end": (later + timedelta(hours=2)).isoformat()}
        )
    )


async def test_times_that_were_made_shorter_may_be_as_long_again_as_was_approved(
    office: Office,
) -> None:
    request = await office.approved(start_in=timedelta(hours=30), hours=2)
    path, start = f"/requests/{request['id']}", instant(request["period"]["start"])

    async def last(**hours: float) -> httpx.Response:
        read = ok(await office.get("dispatcher", path))
        times = {"start": start.isoformat(), "end": (start + timedelta(**hours)).isoformat()}
        body = {"revision": read["revision"], "reason": "改期", **times}
        return await office.post("dispatcher", f"{path}/times", body)

    ok(await last(hours=1))
    ok(await last(hours=1.5))
    problem(await last(hours=2, seconds=1), "longer-than-approved", 409)
    ok(await last(hours=2))
    # Whoever approves it anew approves what it asks for then.
    shortened = ok(await last(hours=1))
    told = {"revision": shortened["revision"], "reason": "请确认时间"}
    back = ok(await office.post("dispatcher", f"{path}/send_back", told))
    asked = await office.post("applicant_a", f"{path}/submit", {"revision": back["revision"]})
    await office.approve(ok(asked))
    problem(await last(hours=2), "longer-than-approved", 409)


async def test_times_that_a_ride_has_already_take_no_pick_up_back(office: Office) -> None:
    request = await office.approved(start_in=timedelta(hours=30), hours=2)
    path = f"/requests/{request['id']}"
    order = ok(await office.assign(request, "a1", "a1"), 201)
    ok(await office.step("dispatcher", order, "undo"))
    request = ok(await office.get("applicant_a", path))
    assert request["promised_pickup_at"] is not None
    body = {"revision": request["revision"], "reason": "核对", **request["period"]}
    problem(await office.post("dispatcher", f"{path}/times", body), "nothing-changed", 409)
    assert ok(await office.get("applicant_a", path)) == request


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
