"""A day's plan is asked for, made in the background, looked at and confirmed, line by line."""

from datetime import timedelta

from sqlalchemy.dialects.postgresql import Range

from dispatch.plans.making import plan_step
from dispatch.roads.straight_line import StraightLineTravelTimes
from fleet.outages.words import OutageKind
from fleet.tables import DriverLeave, Outage
from kit.clock import day_start, shanghai_day, utc_now
from kit.database import transaction
from kit.ids import new_id
from tests.dispatch.capacity.promising import reserve
from tests.dispatch.office import Json, Office, instant, ok, problem


def tomorrow_at(hour: float) -> timedelta:
    """How long it is until this hour of tomorrow's Shanghai day."""
    tomorrow = shanghai_day(utc_now()) + timedelta(days=1)
    return day_start(tomorrow) + timedelta(hours=hour) - utc_now()


async def plan_of(office: Office, organisation: str = "bureau") -> Json:
    """Ask for tomorrow's plan, have it made, and return it."""
    body = {
        "day": (shanghai_day(utc_now()) + timedelta(days=1)).isoformat(),
        "organisation_id": str(office.world.organisations[organisation].id),
    }
    asked = ok(await office.post("dispatcher", "/plans", body), 202)
    assert asked["state"] == "asked"
    problem(
        await office.post("dispatcher", f"/plans/{asked['id']}/confirmation", {}),
        "plan-not-proposed",
        409,
    )
    assert await plan_step(office.sessions, StraightLineTravelTimes, utc_now())
    return ok(await office.get("dispatcher", f"/plans/{asked['id']}"))


async def promised(office: Office, hour: float, hours: float = 2) -> Json:
    request = await office.approved(start_in=tomorrow_at(hour), hours=hours)
    await reserve(office, request)
    return request


async def test_a_plan_binds_plates_and_drivers_when_it_is_confirmed_and_only_then(
    office: Office,
) -> None:
    rides = [await promised(office, hour) for hour in (8, 9, 13, 14)]
    plan = await plan_of(office)
    assert plan["state"] == "proposed"
    assert plan["figures"] | {"empty_m": 0} == {
        "rides": 4, "promised": 4, "served": 4, "shared": 0,
        "empty_m": 0, "vehicles": 2, "drivers": 2,
    }  # fmt: skip
    assert [line["request_id"] for line in plan["lines"]] == [one["id"] for one in rides]
    for one in rides:
        shown = ok(await office.get("dispatcher", f"/requests/{one['id']}"))
        assert shown["state"] == "awaiting_dispatch"
    path = f"/plans/{plan['id']}/confirmation"
    first = ok(await office.post("dispatcher", path, {"request_ids": [rides[0]["id"]]}))
    assert [line["state"] for line in first["lines"]] == ["confirmed", *["proposed"] * 3]
    # What has changed since is not assigned behind anybody's back.
    changed = {
        "revision": rides[1]["revision"],
        "start": rides[1]["period"]["start"],
        "end": (instant(rides[1]["period"]["end"]) - timedelta(minutes=5)).isoformat(),
        "reason": "核对",
    }
    ok(await office.post("dispatcher", f"/requests/{rides[1]['id']}/times", changed))
    rest = ok(await office.post("dispatcher", path, {}))
    assert [line["state"] for line in rest["lines"]] == [
        "confirmed", "refused", "confirmed", "confirmed",
    ]  # fmt: skip
    assert rest["lines"][1]["sentence"] == "stale-revision"
    for line in rest["lines"]:
        if line["state"] == "confirmed":
            order = ok(await office.get("dispatcher", f"/orders/{line['order_id']}"))
            assert order["vehicle"] == line["vehicle"]
            assert order["driver"] == line["driver"]
    # A newer plan takes the place of the older one, and leaves what is confirmed alone.
    newer = await plan_of(office)
    assert [line["request_id"] for line in newer["lines"]] == [rides[1]["id"]]
    older = ok(await office.get("dispatcher", f"/plans/{plan['id']}"))
    assert older["state"] == "replaced"
    listed = ok(await office.get("dispatcher", "/plans", day=plan["day"]))["items"]
    assert [one["id"] for one in listed] == [newer["id"], plan["id"]]


async def test_a_plan_without_drivers_says_so_and_one_with_too_few_what_would_help(
    office: Office,
) -> None:
    rides = [await promised(office, 9), await promised(office, 9)]
    await _on_leave(office, "pool1")
    plan = await plan_of(office)
    assert plan["sentence"] is None
    assert sorted(line["state"] for line in plan["lines"]) == ["proposed", "unserved"]
    broken = plan["first_broken"]
    assert broken["request_id"] in {one["id"] for one in rides}
    assert broken["sentence"] == "有车辆，但没有可当班且工时未满的驾驶员"
    assert (broken["one_more_vehicle"], broken["one_more_driver"]) == (False, True)
    assert [one["organisation"]["name"] for one in broken["alternatives"]["other_pools"]] == [
        "甲局", "乙局",
    ]  # fmt: skip
    await _on_leave(office, "pool2")
    plan = await plan_of(office)
    assert plan["sentence"] == "当日没有可排的驾驶员：2 人均请假、不当班或已有任务"
    assert plan["lines"] == []


async def test_one_more_driver_saves_no_ride_that_is_longer_than_a_day_of_duty(
    office: Office,
) -> None:
    long = await promised(office, 6, hours=27)
    plan = await plan_of(office)
    broken = plan["first_broken"]
    assert broken["request_id"] == long["id"]
    assert broken["sentence"] == "有车辆，但没有可当班且工时未满的驾驶员"
    assert (broken["one_more_vehicle"], broken["one_more_driver"]) == (False, False)


async def test_a_line_that_would_cost_its_drivers_rest_is_refused_when_it_is_confirmed(
    office: Office,
) -> None:
    evening, morning = await promised(office, 20), await promised(office, 6)
    plan = await plan_of(office)
    drivers = {line["request_id"]: line["driver"]["id"] for line in plan["lines"]}
    key = next(
        key for key, one in office.world.drivers.items() if str(one.id) == drivers[evening["id"]]
    )
    # By hand, rest isn't asked: five hours lie between the evening's ride and this one.
    night = await office.approved(start_in=tomorrow_at(27), hours=2)
    ok(await office.assign(night, "pool1", key), 201)
    told = ok(await office.post("dispatcher", f"/plans/{plan['id']}/confirmation", {}))
    states = {line["request_id"]: (line["state"], line["sentence"]) for line in told["lines"]}
    assert states[evening["id"]] == ("refused", "rest-too-short")
    assert states[morning["id"]][0] == "confirmed"
    shown = ok(await office.get("dispatcher", f"/requests/{evening['id']}"))
    assert shown["state"] == "awaiting_dispatch"


async def test_a_line_that_rules_speak_against_since_is_refused_with_what_they_say(
    office: Office,
) -> None:
    one = await promised(office, 9)
    plan = await plan_of(office)
    assert plan["lines"][0]["objections"] == []
    async with transaction(office.sessions) as session:
        session.add_all(
            Outage(
                id=new_id(),
                vehicle_no=office.world.vehicles[key].no,
                kind=OutageKind.MAINTENANCE,
                reason="保养",
                period=Range(utc_now(), None, bounds="[)"),
            )
            for key in ("pool1", "pool2")
        )
    told = ok(await office.post("dispatcher", f"/plans/{plan['id']}/confirmation", {}))
    (line,) = told["lines"]
    assert (line["request_id"], line["state"]) == (one["id"], "refused")
    assert line["sentence"] == "override-needs-reason"
    assert line["objections"] == [
        {"rule": "no_maintenance", "sentence": "该时段车辆维护停用，未定恢复时间"}
    ]
    again = ok(await office.get("dispatcher", f"/plans/{plan['id']}"))
    assert again["lines"] == told["lines"]


async def test_plans_are_made_neither_for_yesterday_nor_seen_from_elsewhere(
    office: Office,
) -> None:
    yesterday = (shanghai_day(utc_now()) - timedelta(days=1)).isoformat()
    problem(await office.post("dispatcher", "/plans", {"day": yesterday}), "day-not-planned", 422)
    assert not await plan_step(office.sessions, StraightLineTravelTimes, utc_now())
    problem(await office.get("dispatcher", f"/plans/{new_id()}"), "not-found", 404)


async def _on_leave(office: Office, driver: str) -> None:
    async with transaction(office.sessions) as session:
        session.add(
            DriverLeave(
                id=new_id(),
                driver_no=office.world.drivers[driver].no,
                kind="annual",
                reason="休假",
                period=Range(utc_now(), utc_now() + timedelta(days=5), bounds="[)"),
                approved_by_no=office.world.people["manager"].no,
            )
        )
