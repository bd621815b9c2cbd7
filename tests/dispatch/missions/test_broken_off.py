"""A mission's vehicle that breaks off on the road is missed, and a standby takes its place."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import Range

from dispatch.missions.tables import MissionRide
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.missions.people import act, issued
from tests.dispatch.office import Json, Office, let_leave_early, ok, problem
from tests.support.world import LATITUDE, LONGITUDE

STANDS = {"latitude": LATITUDE + 0.05, "longitude": LONGITUDE}


def driver_of(office: Office, ride: Json) -> str:
    """Return the account of whoever drives a mission's vehicle."""
    id = ride["order"]["driver"]["id"]
    return next(f"driver_{key}" for key, one in office.world.drivers.items() if str(one.id) == id)


async def broken_off(office: Office, ride: Json, until: str = "depart") -> None:
    """Let a mission's vehicle depart and break off on the road."""
    await let_leave_early(office)
    driver = driver_of(office, ride)
    order = await office.drive(ride["order"], driver, until)
    ok(await office.step(driver, order, "interrupt", reason="交通事故", **STANDS))


async def test_a_vehicle_that_breaks_off_on_the_way_is_missed(office: Office) -> None:
    mission = await issued(office)
    path, (ride, *_, standby) = f"/missions/{mission['id']}", mission["rides"]
    await broken_off(office, ride)
    board = ok(await office.get("dispatcher", f"{path}/arrivals"))
    assert (board["counts"]["missing"], board["counts"]["over"]) == (1, 0)
    missed = board["items"][0]
    # Whom to call is told, but not where the vehicle is from now on: it is on no order of these.
    assert missed["vehicle"] == ride["order"]["vehicle"]
    assert (missed["state"], missed["latitude"], missed["arrives_at"]) == (
        "interrupted",
        None,
        None,
    )
    # A standby that breaks off leaves nobody waiting, and a ride whose time is over isn't missed.
    await broken_off(office, standby)
    board = ok(await office.get("dispatcher", f"{path}/arrivals"))
    assert (board["counts"]["missing"], board["counts"]["over"]) == (1, 1)
    now = utc_now()
    past = Range(now - timedelta(hours=2), now - timedelta(hours=1), bounds="[)")
    async with transaction(office.sessions) as session:
        ended = update(MissionRide).where(MissionRide.id == UUID(ride["id"]))
        await session.execute(ended.values(period=past))
    board = ok(await office.get("dispatcher", f"{path}/arrivals"))
    assert (board["counts"]["missing"], board["counts"]["over"]) == (0, 2)


async def test_a_standby_takes_the_place_of_a_vehicle_that_broke_off(office: Office) -> None:
    mission = await issued(office)
    path, (ride, *_, standby) = f"/missions/{mission['id']}", mission["rides"]
    await broken_off(office, ride, until="arrive")
    replace = f"{path}/rides/{ride['id']}/replace"
    mission = ok(await office.post("dispatcher", replace, {"reason": "事故车辆由备用车顶替"}))
    order = mission["rides"][0]["order"]
    assert order["id"] != ride["order"]["id"]
    assert order["state"] == "assigned"
    assert order["vehicle"] == standby["order"]["vehicle"]
    assert mission["rides"][3]["order"]["state"] == "cancelled"
    board = ok(await office.get("dispatcher", f"{path}/arrivals"))
    assert (board["counts"]["missing"], board["counts"]["not_departed"]) == (0, 3)
    # Its passengers wait where the vehicle stands that they were in.
    request = ok(await office.get("dispatcher", f"/requests/{ride['request_id']}"))
    assert request["pickup"]["latitude"] == STANDS["latitude"]
    again = await office.post("dispatcher", replace, {"reason": "顶替"})
    problem(again, "no-standby-left", 409)


async def test_without_a_standby_another_vehicle_is_chosen_and_nothing_archived_meanwhile(
    office: Office,
) -> None:
    mission = await issued(office)
    path, (ride, *rest, standby) = f"/missions/{mission['id']}", mission["rides"]
    await broken_off(office, ride, until="arrive")
    await broken_off(office, standby)
    mission = ok(await office.get("dispatcher", path))
    assert (mission["state"], mission["actions"]) == ("awaiting_dispatch", ["cancel"])
    replace = await office.post(
        "dispatcher", f"{path}/rides/{ride['id']}/replace", {"reason": "无"}
    )
    problem(replace, "no-standby-left", 409)
    mission = ok(await office.post("dispatcher", f"{path}/plan"))
    chosen = mission["rides"][0]["vehicle"]
    assert chosen is not None
    assert chosen != ride["order"]["vehicle"]
    told = ok(await office.post("dispatcher", f"{path}/slips", {}))
    assert (told["issued"], told["mission"]["state"]) == (1, "assigned")
    order = told["mission"]["rides"][0]["order"]
    assert (order["state"], order["vehicle"]) == ("assigned", chosen)
    request = ok(await office.get("dispatcher", f"/requests/{ride['request_id']}"))
    assert request["pickup"]["latitude"] == STANDS["latitude"]
    assert [one["order"]["id"] for one in told["mission"]["rides"][1:3]] == [
        one["order"]["id"] for one in rest
    ]


async def require_all_over(office: Office, mission: Json) -> None:
    board = ok(await office.get("dispatcher", f"/missions/{mission['id']}/arrivals"))
    assert {item["standing"] for item in board["items"]} == {"over"}
    assert all(item["latitude"] is None for item in board["items"])


async def test_nobody_waits_for_another_vehicle_of_a_mission_that_was_cancelled(
    office: Office,
) -> None:
    mission = await issued(office)
    await let_leave_early(office)
    ride = mission["rides"][0]
    order = await office.drive(ride["order"], driver_of(office, ride), "depart")
    mission = ok(await office.get("dispatcher", f"/missions/{mission['id']}"))
    await act(office, "dispatcher", mission, "cancel", reason="会议取消")
    await require_all_over(office, mission)
    ok(await office.step(driver_of(office, ride), order, "breakdown", reason="抛锚", **STANDS))
    await require_all_over(office, mission)
    request = ok(await office.get("dispatcher", f"/requests/{ride['request_id']}"))
    assert (request["state"], request["actions"]) == ("interrupted", [])
    # Before it is cancelled they wait.
    other = await issued(office)
    ride = other["rides"][0]
    order = await office.drive(ride["order"], driver_of(office, ride), "depart")
    ok(await office.step(driver_of(office, ride), order, "breakdown", reason="抛锚", **STANDS))
    request = ok(await office.get("dispatcher", f"/requests/{ride['request_id']}"))
    assert request["state"] == "awaiting_dispatch"
